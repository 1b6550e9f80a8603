//! Generates the jump table of libasound functions that `device/system/alsa.rs` fills at run time, for the targets that
//! wheels are built for. Other targets link libasound as usual.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The targets with a jump table, each with the jump through the global offset table, which also works in a shared
/// library. `.cargo/config.toml` keeps cargo from linking libasound on the same targets.
const JUMPS: [(&str, &str); 2] = [
    ("x86_64-unknown-linux-gnu", "movq realtime_backend_alsa_table@GOTPCREL(%rip), %r11\\njmp *{offset}(%r11)"),
    (
        "aarch64-unknown-linux-gnu",
        "adrp x16, :got:realtime_backend_alsa_table\\nldr x16, [x16, :got_lo12:realtime_backend_alsa_table]\\nldr x16, [x16, #{offset}]\\nbr x16",
    ),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=alsa_symbols.txt");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(alsa_at_run_time)");
    let target = env::var("TARGET")?;
    let Some((_, jump)) = JUMPS.iter().find(|(name, _)| *name == target) else { return Ok(()) };
    println!("cargo::rustc-cfg=alsa_at_run_time");
    let names = fs::read_to_string("alsa_symbols.txt")?;
    let names: Vec<&str> = names.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let count = names.len();
    let mut text = format!("/// Functions of libasound that are used.\nconst NAMES: [&CStr; {count}] = [\n");
    for name in &names {
        writeln!(text, "    c\"{name}\",")?;
    }
    text.push_str("];\n\n");
    writeln!(text, "#[unsafe(no_mangle)]\nstatic mut realtime_backend_alsa_table: [usize; {count}] = [0; {count}];\n")?;
    text.push_str("core::arch::global_asm!(\n");
    for (index, name) in names.iter().enumerate() {
        let jump = jump.replace("{offset}", &(index * 8).to_string());
        writeln!(text, "    \".globl {name}\\n.hidden {name}\\n.type {name}, @function\\n{name}:\\n{jump}\",")?;
    }
    let syntax = if env::var("CARGO_CFG_TARGET_ARCH")? == "x86_64" { "    options(att_syntax)\n" } else { "" };
    text.push_str(syntax);
    text.push_str(");\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("alsa_symbols.rs"), text)?;
    Ok(())
}
