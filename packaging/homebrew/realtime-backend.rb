# The command line for Homebrew. The sum is that of the source distribution on PyPI: RELEASING.md.
class RealtimeBackend < Formula
  desc "Renders and plays binaural beats, isochronic tones and coloured noise"
  homepage "https://pypi.org/project/realtime_backend/"
  url "https://pypi.org/packages/source/r/realtime_backend/realtime_backend-0.2.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license any_of: ["MIT", "Apache-2.0"]

  depends_on "rust" => :build

  on_linux do
    depends_on "alsa-lib"
  end

  def install
    system "cargo", "install", *std_cargo_args(path: "rust/cli")
    generate_completions_from_executable(bin/"realtime_backend", "completions")
  end

  test do
    (testpath/"tone.json").write <<~JSON
      {"progression": [{"duration": 1, "voices": [{"synth_function_name": "binaural_beat"}]}]}
    JSON
    system bin/"realtime_backend", "render", "tone.json", "-o", "tone.wav"
    assert_path_exists testpath/"tone.wav"
  end
end
