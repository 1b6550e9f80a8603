//! Arithmetic in one variable, `alpha`: the safe grammar of transition curves (spec am-and-monaural-voices 1.2).
//! A recursive-descent parser produces postfix code. An expression can call the functions below and nothing else.

use crate::error::{Error, Result, suggestion};

const MAX_TEXT: usize = 1000;
const MAX_NESTING: usize = 40;
const MAX_STACK: usize = 48;

/// A parsed expression. Evaluation does not allocate.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    code: Vec<Op>,
}

/// One instruction of the postfix code.
#[derive(Debug, Clone, Copy)]
enum Op {
    Number(f64),
    Alpha,
    Call(Function),
}

impl PartialEq for Op {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Alpha, Self::Alpha) => true,
            (Self::Call(a), Self::Call(b)) => a.name == b.name,
            _ => false,
        }
    }
}

/// A function or operator with its name in expressions.
#[derive(Debug, Clone, Copy)]
struct Function {
    name: &'static str,
    body: Body,
}

/// The implementation of a function, by its number of arguments.
#[derive(Debug, Clone, Copy)]
enum Body {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    Three(fn(f64, f64, f64) -> f64),
}

impl Body {
    const fn arity(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Three(_) => 3,
        }
    }
}

const fn one(name: &'static str, body: fn(f64) -> f64) -> Function {
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

const COMPARISONS: &[Function] = &[
    two("<=", |a, b| truth(a <= b)),
    two(">=", |a, b| truth(a >= b)),
    two("==", |a, b| truth(a == b)),
    two("!=", |a, b| truth(a != b)),
    two("<", |a, b| truth(a < b)),
    two(">", |a, b| truth(a > b)),
];
const SUMS: &[Function] = &[two("+", |a, b| a + b), two("-", |a, b| a - b)];
const PRODUCTS: &[Function] = &[
    two("//", |a, b| ((a - modulo(a, b)) / b).round()),
    two("*", |a, b| a * b),
    two("/", |a, b| a / b),
    two("%", modulo),
];
const POWER: Function = two("**", f64::powf);
const NEGATE: Function = one("-", |x| -x);

fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// Remainder with the sign of the divisor.
fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

impl Expression {
    /// Parses `text`, at most 1000 bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with an empty path and a message that gives the position and what was expected there.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(Error::invalid("", format!("an expression may have at most {MAX_TEXT} bytes")));
        }
        let mut parser = Parser { text, position: 0, nesting: 0, code: Vec::new() };
        parser.comparison()?;
        parser.skip_blanks();
        if parser.position < text.len() {
            return Err(parser.unexpected("an operator or the end"));
        }
        let expression = Self { code: parser.code };
        if expression.stack_needed() > MAX_STACK {
            return Err(Error::invalid("", "the expression is too deeply nested"));
        }
        Ok(expression)
    }

    fn stack_needed(&self) -> usize {
        let mut depth = 0;
        let mut deepest = 0;
        for op in &self.code {
            depth = match op {
                Op::Number(_) | Op::Alpha => depth + 1,
                Op::Call(function) => depth + 1 - function.body.arity(),
            };
            deepest = deepest.max(depth);
        }
        deepest
    }

    /// Whether the value does not depend on `alpha`.
    pub fn is_constant(&self) -> bool {
        !self.code.contains(&Op::Alpha)
    }

    /// The value at `alpha`; comparisons give 0 or 1. The value is not clipped and may be NaN or infinite.
    pub fn at(&self, alpha: f64) -> f64 {
        let mut stack = [0.0; MAX_STACK];
        let mut top = 0; // `parse` ensures 0 < top < MAX_STACK wherever it is used
        for op in &self.code {
            match op {
                Op::Number(number) => {
                    stack[top] = *number;
                    top += 1;
                }
                Op::Alpha => {
                    stack[top] = alpha;
                    top += 1;
                }
                Op::Call(function) => {
                    top -= function.body.arity() - 1;
                    stack[top - 1] = match function.body {
                        Body::One(f) => f(stack[top - 1]),
                        Body::Two(f) => f(stack[top - 1], stack[top]),
                        Body::Three(f) => f(stack[top - 1], stack[top], stack[top + 1]),
                    };
                }
            }
        }
        stack[0]
    }
}

/// A recursive-descent parser; its methods append postfix code to `code`.
struct Parser<'a> {
    text: &'a str,
    position: usize,
    nesting: usize,
    code: Vec<Op>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    fn skip_blanks(&mut self) {
        self.position = self.text.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    fn error(&self, position: usize, message: &str) -> Error {
        let column = self.text[..position].chars().count() + 1;
        Error::invalid("", format!("in \"{}\": {message} at character {column}", self.text))
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = self.rest().chars().next().map_or_else(|| "the end".to_owned(), |c| format!("\"{c}\""));
        self.error(self.position, &format!("expected {expected}, found {found}"))
    }

    /// `sum (comparison-operator sum)?`. Chains of comparisons are refused, as for arrays in Python.
    fn comparison(&mut self) -> Result<()> {
        self.sum()?;
        if let Some(operator) = COMPARISONS.iter().find(|f| self.take(f.name)) {
            self.sum()?;
            self.code.push(Op::Call(*operator));
            if COMPARISONS.iter().any(|f| self.take(f.name)) {
                return Err(self.error(self.position, "comparisons cannot be chained"));
            }
        }
        Ok(())
    }

    fn sum(&mut self) -> Result<()> {
        self.product()?;
        while let Some(operator) = SUMS.iter().find(|f| self.take(f.name)) {
            self.product()?;
            self.code.push(Op::Call(*operator));
        }
        Ok(())
    }

    fn product(&mut self) -> Result<()> {
        self.signed()?;
        while let Some(operator) = PRODUCTS.iter().find(|f| self.take(f.name)) {
            self.signed()?;
            self.code.push(Op::Call(*operator));
        }
        Ok(())
    }

    fn signed(&mut self) -> Result<()> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error(self.position, "too deeply nested"));
        }
        if self.take("-") {
            self.signed()?;
            self.code.push(Op::Call(NEGATE));
        } else if self.take("+") {
            self.signed()?;
        } else {
            self.power()?;
        }
        self.nesting -= 1;
        Ok(())
    }

    /// `**` binds tighter than a sign on its left and looser than one on its right, and is right-associative.
    fn power(&mut self) -> Result<()> {
        self.atom()?;
        if self.take("**") {
            self.signed()?;
            self.code.push(Op::Call(POWER));
        } else if self.rest().starts_with('^') {
            return Err(self.error(self.position, "\"^\" is not a power; write \"**\""));
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<()> {
        if self.take("(") {
            self.comparison()?;
            return self.expect(")");
        }
        let start = self.position;
        let word: String =
            self.rest().chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).collect();
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return self.literal();
        }
        self.position += word.len();
        let constant = match word.as_str() {
            "alpha" => {
                self.code.push(Op::Alpha);
                return Ok(());
            }
            "" => return Err(self.unexpected("a number, \"alpha\", a function or \"(\"")),
            "np.pi" | "math.pi" => std::f64::consts::PI,
            "np.e" | "math.e" => std::f64::consts::E,
            _ => return self.call(start, &word),
        };
        self.code.push(Op::Number(constant));
        Ok(())
    }

    fn literal(&mut self) -> Result<()> {
        let rest = self.rest().as_bytes();
        let digits = |from: usize| from + rest[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let mut end = digits(0);
        if rest.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        let number = self.rest()[..end].parse().map_err(|_| self.unexpected("a number"))?;
        self.position += end;
        self.code.push(Op::Number(number));
        Ok(())
    }

    fn call(&mut self, start: usize, word: &str) -> Result<()> {
        let (table, constants_only) = match word.split_once('.') {
            Some(("np", _)) => (NP, false),
            Some(("math", _)) => (MATH, true),
            _ => {
                let hint = suggestion(word, ["alpha", "np.sin", "np.exp", "np.pi"]);
                return Err(self.error(start, &format!("unknown name \"{word}\"{hint}")));
            }
        };
        let name = word.split_once('.').map_or("", |(_, name)| name);
        let Some(function) = table.iter().find(|f| f.name == name) else {
            let hint = suggestion(name, table.iter().map(|f| f.name));
            return Err(self.error(start, &format!("unknown function \"{word}\"{hint}")));
        };
        self.expect("(")?;
        let code_start = self.code.len();
        for argument in 0..function.body.arity() {
            if argument > 0 {
                self.expect(",")?;
            }
            self.comparison()?;
        }
        self.expect(")")?;
        if constants_only && self.code[code_start..].contains(&Op::Alpha) {
            return Err(self.error(start, &format!("\"{word}\" takes constants only; use \"np.\" for \"alpha\"")));
        }
        self.code.push(Op::Call(*function));
        Ok(())
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(&format!("\"{token}\""))) }
    }
}

#[cfg(test)]
mod tests;
