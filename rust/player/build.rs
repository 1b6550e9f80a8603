//! Generates the jump table of libasound functions that `device/system/alsa.rs` fills at run time.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=alsa_symbols.txt");
    println!("cargo::rerun-if-changed=build.rs");
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
    // jump through the global offset table, so that the code also works in a shared library
    let jump = match env::var("CARGO_CFG_TARGET_ARCH")?.as_str() {
        "x86_64" => "movq realtime_backend_alsa_table@GOTPCREL(%rip), %r11\\njmp *{offset}(%r11)",
        "aarch64" => {
            "adrp x16, :got:realtime_backend_alsa_table\\nldr x16, [x16, :got_lo12:realtime_backend_alsa_table]\\nldr x16, [x16, #{offset}]\\nbr x16"
        }
        other => return Err(format!("no jump table for {other} yet").into()),
    };
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
