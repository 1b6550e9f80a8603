//! The functions and operators of expressions, and the grammars that name them.

use std::f64::consts::{E, PI};

/// The names that an expression may use.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// The variable.
    pub(crate) variable: &'static str,
    /// Other names of numbers.
    pub(crate) constants: &'static [(&'static str, f64)],
    /// Functions with their prefix, and whether they accept constants only.
    pub(crate) functions: &'static [(&'static str, &'static [Function], bool)],
    /// Names to suggest for an unknown one.
    pub(crate) examples: &'static [&'static str],
    /// Whether there are comparisons and the division `//`.
    pub(crate) compares: bool,
}

impl Grammar {
    /// Transition curves in `alpha`, with the functions of `np.` and, for constants, of `math.`.
    pub(crate) const CURVE: Self = Self {
        variable: "alpha",
        constants: &[("np.pi", PI), ("math.pi", PI), ("np.e", E), ("math.e", E)],
        functions: &[("np.", NP, false), ("math.", MATH, true)],
        examples: &["alpha", "np.sin", "np.exp", "np.pi"],
        compares: true,
    };
}

/// A function or operator with its name in expressions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    pub(super) name: &'static str,
    pub(super) body: Body,
}

/// The implementation of a function, by its number of arguments.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    Three(fn(f64, f64, f64) -> f64),
}

impl Body {
    pub(super) const fn arity(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Three(_) => 3,
        }
    }
}

pub(crate) const fn one(name: &'static str, body: fn(f64) -> f64) -> Function {
    Function { name, body: Body::One(body) }
}

const fn two(name: &'static str, body: fn(f64, f64) -> f64) -> Function {
    Function { name, body: Body::Two(body) }
}

const fn three(name: &'static str, body: fn(f64, f64, f64) -> f64) -> Function {
    Function { name, body: Body::Three(body) }
}

/// Functions with the prefix `np.`, which accept `alpha`.
const NP: &[Function] = &[
    one("sin", f64::sin),
    one("cos", f64::cos),
    one("tan", f64::tan),
    one("arcsin", f64::asin),
    one("arccos", f64::acos),
    one("arctan", f64::atan),
    one("sinh", f64::sinh),
    one("cosh", f64::cosh),
    one("tanh", f64::tanh),
    one("exp", f64::exp),
    one("log", f64::ln),
    one("log2", f64::log2),
    one("log10", f64::log10),
    one("sqrt", f64::sqrt),
    one("abs", f64::abs),
    one("sign", |x| if x > 0.0 { 1.0 } else { -truth(x < 0.0) }),
    one("floor", f64::floor),
    one("ceil", f64::ceil),
    one("round", f64::round_ties_even),
    two("power", f64::powf),
    two("minimum", f64::min),
    two("maximum", f64::max),
    two("mod", modulo),
    two("heaviside", |x, at_zero| if x == 0.0 { at_zero } else { truth(x > 0.0) }),
    three("clip", |x, low, high| x.max(low).min(high)),
    three("where", |condition, yes, no| if condition == 0.0 { no } else { yes }),
];

/// Functions with the prefix `math.`, which accept constants only.
const MATH: &[Function] = &[
    one("sin", f64::sin),
    one("cos", f64::cos),
    one("tan", f64::tan),
    one("exp", f64::exp),
    one("log", f64::ln),
    one("sqrt", f64::sqrt),
    one("floor", f64::floor),
    one("ceil", f64::ceil),
    two("pow", f64::powf),
];

pub(super) const COMPARISONS: &[Function] = &[
    two("<=", |a, b| truth(a <= b)),
    two(">=", |a, b| truth(a >= b)),
    two("==", |a, b| truth(a == b)),
    two("!=", |a, b| truth(a != b)),
    two("<", |a, b| truth(a < b)),
    two(">", |a, b| truth(a > b)),
];
pub(super) const SUMS: &[Function] = &[two("+", |a, b| a + b), two("-", |a, b| a - b)];
pub(super) const PRODUCTS: &[Function] = &[two("*", |a, b| a * b), two("/", |a, b| a / b), two("%", modulo)];
/// The whole quotient; it has to be looked for before `/`.
pub(super) const QUOTIENT: Function = two("//", |a, b| ((a - modulo(a, b)) / b).round());
pub(super) const POWER: Function = two("**", f64::powf);
pub(super) const NEGATE: Function = one("-", |x| -x);

fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// Remainder with the sign of the divisor.
fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}
