//! The transform of a path and the place of the listener (spec spatial-workbench 5.4).

use super::Point;
use super::fields::Reader;

pub(super) type Matrix = [[f64; 3]; 3];

const UNIT: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// `matrix · point + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    matrix: Matrix,
    offset: Point,
}

impl Affine {
    pub(super) fn apply(&self, point: Point) -> Point {
        let moved = multiply(&self.matrix, point);
        std::array::from_fn(|k| moved[k] + self.offset[k])
    }

    pub(super) fn is_identity(&self) -> bool {
        self.matrix == UNIT && self.offset == [0.0; 3]
    }
}

/// `transform`, then from the world to the listener if `coordinateSystem` asks for it. Errors are reported.
pub(super) fn read(path: &Reader<'_>) -> Option<Affine> {
    let mut affine = Affine { matrix: UNIT, offset: [0.0; 3] };
    if let Some(fields) = path.object(&["transform"]) {
        let [yaw, pitch, roll] = fields.numbers(&["yawPitchRollDegrees"], [0.0; 3]);
        let scale = fields.numbers(&["scale"], [1.0; 3]);
        if scale.contains(&0.0) {
            fields.error("scale", "expected three numbers other than 0");
        }
        let [xy, xz, yz] = fields.numbers(&["shear"], [0.0; 3]);
        affine.offset = fields.numbers(&["translationM"], [0.0; 3]);
        fields.finish();
        let shear = [[1.0, xy, xz], [0.0, 1.0, yz], [0.0, 0.0, 1.0]];
        let scaled = [[scale[0], 0.0, 0.0], [0.0, scale[1], 0.0], [0.0, 0.0, scale[2]]];
        affine.matrix = product(&product(&turned(yaw, pitch, roll), &shear), &scaled);
    }
    let listener = path.object(&["listener"]).map(|fields| {
        let position: Point = fields.numbers(&["positionM"], [0.0; 3]);
        let [yaw, pitch, roll] = fields.numbers(&["yawPitchRollDegrees"], [0.0; 3]);
        fields.finish();
        (position, turned(yaw, pitch, roll))
    });
    let system = path.choice(&["coordinateSystem"], &["listener_relative_cartesian", "world_cartesian"]);
    if let (Some("world_cartesian"), Some((position, turn))) = (system, listener) {
        let back = transposed(&turn);
        let offset = std::array::from_fn(|k| affine.offset[k] - position[k]);
        affine = Affine { matrix: product(&back, &affine.matrix), offset: multiply(&back, offset) };
    }
    Some(affine)
}

/// The rotation by yaw (about z), pitch (about y) and roll (about x), degrees.
fn turned(yaw: f64, pitch: f64, roll: f64) -> Matrix {
    product(&product(&about_z(yaw), &about_y(pitch)), &about_x(roll))
}

pub(super) fn about_z(degrees: f64) -> Matrix {
    let (s, c) = degrees.to_radians().sin_cos();
    [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]
}

pub(super) fn about_y(degrees: f64) -> Matrix {
    let (s, c) = degrees.to_radians().sin_cos();
    [[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]
}

fn about_x(degrees: f64) -> Matrix {
    let (s, c) = degrees.to_radians().sin_cos();
    [[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]]
}

pub(super) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

pub(super) fn multiply(a: &Matrix, point: Point) -> Point {
    std::array::from_fn(|i| (0..3).map(|k| a[i][k] * point[k]).sum())
}

fn transposed(a: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}
