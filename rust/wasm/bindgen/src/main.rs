//! Generates the JavaScript and TypeScript of a compiled module: `wasm-glue MODULE.wasm FOLDER NAME`.

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        return Err("usage: wasm-glue MODULE.wasm FOLDER NAME".into());
    };
    Ok(Bindgen::new().remove_name_section(true).remove_producers_section(true).input_path(module).web(true)?.typescript(true).out_name(name).generate(folder)?)
}
