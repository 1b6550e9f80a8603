//! A parameter that stages and modulators drive (spec spatial-workbench 3.1 and 3.2).

use std::f64::consts::TAU;

use super::stage::{Shape, Span};

/// A value that a parameter takes while a stage is in force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Binding {
    /// When.
    pub span: Span,
    /// How the parameter moves over the fades of the stage.
    pub shape: Shape,
    /// The value, in the unit of the parameter.
    pub value: f64,
}

impl Binding {
    /// How far the parameter is at the value at `t` seconds, 0 to 1.
    fn weight(&self, t: f64) -> f64 {
        self.shape.at(self.span.weight(t))
    }
}

/// An oscillator between 0 and 1 on the time axis of the scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modulator {
    /// Hz.
    pub rate: f64,
    /// Radians.
    pub phase: f64,
    /// Whether it is a square wave instead of a sine.
    pub square: bool,
}

impl Default for Modulator {
    /// A sine of 1 Hz.
    fn default() -> Self {
        Self { rate: 1.0, phase: 0.0, square: false }
    }
}

impl Modulator {
    /// The value at `t` seconds, 0 to 1.
    ///
    /// ```
    /// use realtime_backend_core::voice::spatial::scene::Modulator;
    ///
    /// assert_eq!(Modulator::default().at(0.25), 1.0);
    /// assert_eq!(Modulator { square: true, ..Modulator::default() }.at(0.6), 0.0);
    /// ```
    pub fn at(&self, t: f64) -> f64 {
        let sine = (TAU * self.rate * t + self.phase).sin();
        let swing = match (self.square, sine == 0.0) {
            (true, true) => 0.0,
            (true, false) => sine.signum(),
            (false, _) => sine,
        };
        (swing + 1.0) / 2.0
    }
}

/// A modulator on a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Route {
    /// What is added moves with this.
    pub modulator: Modulator,
    /// What is added where the modulator is 1, with its sign, in the unit of the parameter.
    pub depth: f64,
    /// How it moves with the modulator.
    pub shape: Shape,
}

/// Everything that drives one parameter of one voice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Automation {
    /// Values of stages. Stages that overlap are averaged.
    pub bindings: Vec<Binding>,
    /// Modulators, which are added to that.
    pub routes: Vec<Route>,
}

impl Automation {
    /// The parameter at `t` seconds, for a parameter that is `base` without the scene.
    ///
    /// ```
    /// use realtime_backend_core::voice::spatial::scene::{Automation, Binding, Shape, Span};
    ///
    /// let span = Span::new(1.0, 2.0, 1.0, 0.0);
    /// let bindings = vec![Binding { span, shape: Shape::Linear, value: 300.0 }];
    /// let carrier = Automation { bindings, routes: Vec::new() };
    /// assert_eq!([0.0, 1.5, 2.5].map(|t| carrier.value(t, 200.0)), [200.0, 250.0, 300.0]);
    /// ```
    pub fn value(&self, t: f64, base: f64) -> f64 {
        let (mut weight, mut sum) = (0.0, 0.0);
        for binding in &self.bindings {
            let own = binding.weight(t);
            weight += own;
            sum += own * binding.value;
        }
        let mut value = if weight == 0.0 {
            base
        } else if weight < 1.0 {
            sum + (1.0 - weight) * base
        } else {
            sum / weight
        };
        for route in &self.routes {
            value += route.depth * route.shape.at(route.modulator.at(t));
        }
        value
    }

    /// Whether it sets the parameter at `t` seconds.
    pub(super) fn acts_at(&self, t: f64) -> bool {
        !self.routes.is_empty() || self.bindings.iter().any(|binding| binding.span.weight(t) > 0.0)
    }

    /// Whether it is constant from `from` to `to` seconds for a constant base.
    pub(crate) fn is_steady(&self, from: f64, to: f64) -> bool {
        self.routes.is_empty() && self.bindings.iter().all(|binding| binding.span.is_steady(from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(value: f64, shape: Shape) -> Binding {
        Binding { span: Span::new(0.0, 10.0, 2.0, 0.0), shape, value }
    }

    #[test]
    fn overlapping_stages_are_averaged() {
        let two = Automation {
            bindings: vec![bound(100.0, Shape::Linear), bound(300.0, Shape::Linear)],
            ..Automation::default()
        };
        assert_eq!(two.value(5.0, 7.0), 200.0);
        // both at a weight of a half: exactly the average, without the base
        assert_eq!(two.value(1.0, 7.0), 200.0);
        assert_eq!(two.value(-1.0, 7.0), 7.0);
    }

    #[test]
    fn routes_shift_to_one_side() {
        let route = Route { modulator: Modulator::default(), depth: -4.0, shape: Shape::Linear };
        let one = Automation { routes: vec![route], ..Automation::default() };
        assert_eq!([0.25, 0.75].map(|t| one.value(t, 10.0)), [6.0, 10.0]);
        assert!(one.acts_at(0.0) && !one.is_steady(0.0, 0.1));
    }

    #[test]
    fn a_square_modulator_is_a_half_where_it_changes() {
        let square = Modulator { square: true, ..Modulator::default() };
        assert_eq!([0.0, 0.1, 0.6].map(|t| square.at(t)), [0.5, 1.0, 0.0]);
    }
}
