use super::*;

fn value(text: &str, alpha: f64) -> f64 {
    Expression::parse(text).unwrap().at(alpha)
}

fn message(text: &str) -> String {
    Expression::parse(text).unwrap_err().to_string()
}

#[test]
fn operators_bind_as_in_python() {
    assert_eq!(value("-2**2", 0.0), -4.0);
    assert_eq!(value("2**-1", 0.0), 0.5);
    assert_eq!(value("2**3**2", 0.0), 512.0);
    assert_eq!(value("1 - 2 - 3", 0.0), -4.0);
    assert_eq!(value("7 // 2 * 2 + 7 % 2", 0.0), 7.0);
    assert_eq!(value("-7 // 2", 0.0), -4.0);
    assert_eq!(value("-7 % 3", 0.0), 2.0);
    assert_eq!(value("8 / 2 / 2", 0.0), 2.0);
    assert_eq!(value("--alpha + +alpha", 0.25), 0.5);
    assert_eq!(value("1.5e-1*.5e1", 0.0), 0.75);
}

#[test]
fn functions_have_their_usual_meaning() {
    assert!((value("0.5-0.5*np.cos(np.pi*alpha)", 0.5) - 0.5).abs() < 1e-15);
    assert_eq!(value("alpha > 0.5", 0.6), 1.0);
    assert_eq!(value("alpha>0.5", 0.5), 0.0);
    assert_eq!(value("np.where(alpha < 0.5, 2, 3)", 0.2), 2.0);
    assert_eq!(value("np.clip(alpha*4, 1, 2)", 0.9), 2.0);
    assert_eq!(value("np.round(2.5)", 0.0), 2.0);
    assert_eq!(value("np.sign(alpha - 1)", 0.0), -1.0);
    assert_eq!(value("np.heaviside(alpha, 0.5)", 0.0), 0.5);
    assert_eq!(value("math.exp(0.5) / math.e ** 0.5", 0.0), 0.5_f64.exp() / std::f64::consts::E.powf(0.5));
}

#[test]
fn error_messages_name_the_mistake_and_its_position() {
    assert!(message("alpha +").contains("found the end"));
    assert!(message("alpha^2").contains("write \"**\""));
    assert!(message("1 + beta").contains("unknown name \"beta\" at character 5"));
    assert!(message("np.squrt(alpha)").contains("did you mean \"sqrt\"?"));
    assert!(message("math.sin(alpha)").contains("constants only"));
    assert!(message("0 < alpha < 1").contains("chained"));
    assert!(message("(alpha").contains("expected \")\""));
    assert!(message("np.power(alpha)").contains("expected \",\""));
    for hostile in ["__import__('os')", "np.load('x')", "alpha.__class__", "é", "'a'", "[1]", "alpha if 1 else 2", ""]
    {
        assert!(Expression::parse(hostile).is_err(), "{hostile}");
    }
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    assert!(Expression::parse(&"(".repeat(900)).is_err());
    assert!(Expression::parse(&"-".repeat(900)).is_err());
    assert!(Expression::parse(&"2**".repeat(300)).is_err());
    assert!(Expression::parse(&format!("{}1", "1+(".repeat(50))).is_err());
}
