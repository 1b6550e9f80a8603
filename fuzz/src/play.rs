//! Compiles a track and renders short pieces of it.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{MediaCache, OnError, Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::Block;

/// Length of a piece in frames.
const PIECE: usize = 256;
/// Sample rate in Hz. It is low so that an input takes only milliseconds.
const RATE: u32 = 8000;
/// Folder of the tracks. It does not exist, so only inserted files can be read from it.
pub const FOLDER: &str = "/nowhere";

/// Files that tracks can name.
static FILES: LazyLock<Arc<MediaCache>> = LazyLock::new(|| {
    let library = MediaCache::default();
    library.insert(PathBuf::from(FOLDER).join("clip.wav"), wav(700));
    Arc::new(library)
});

/// Compile `track` without the voices that cannot be rendered, and render its beginning, its middle and its end.
///
/// # Panics
/// If a sample is not finite.
pub fn play(mut track: Track) {
    track.folder = Some(PathBuf::from(FOLDER));
    // this switch computes twelve minutes of noise at once, which takes one gigabyte
    let compat = Compat { long_exact_noise: false, ..track.compat() };
    let options = PlanOptions {
        sample_rate: Some(RATE),
        compat: Some(compat),
        on_error: OnError::Warn,
        media_cache: Some(Arc::clone(&FILES)),
        ..PlanOptions::default()
    };
    let Ok((plan, _)) = Plan::compile(&track, &options) else { return };
    let frames = plan.frames();
    let mut renderer = Renderer::new(Arc::new(plan));
    let (mut left, mut right) = ([0.0; PIECE], [0.0; PIECE]);
    for start in [0, frames / 2, frames.saturating_sub(PIECE as u64)] {
        renderer.render(start, Block::new(&mut left, &mut right));
        let sound = left.iter().chain(&right).all(|sample| sample.is_finite());
        assert!(sound, "a sample from frame {start} on is not finite");
    }
}

/// A mono 16-bit WAV file of `frames` frames at 11025 Hz, another rate than that of the track.
fn wav(frames: u32) -> Vec<u8> {
    let bytes = 2 * frames;
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    for half in [1_u16, 1, 11_025, 0, 22_050, 0, 2, 16] {
        file.extend_from_slice(&half.to_le_bytes());
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&bytes.to_le_bytes());
    file.extend((0..frames).flat_map(|i| ((i * 331 % 20_000) as i16).to_le_bytes()));
    file
}
