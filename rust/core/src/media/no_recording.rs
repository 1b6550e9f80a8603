//! In place of [`recording`](super): without decoders (the feature `decoders`) there are no recordings, so that code which
//! plays them is left out.

use std::sync::Arc;

use super::content::{Content, Repeat};
use super::resample::Resampling;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;

/// An audio file at a given sample rate; does not exist.
#[derive(Debug)]
pub enum Recording {}

#[allow(missing_docs, reason = "those of the recordings that exist")]
impl Recording {
    pub(crate) fn new(_: Arc<Content>, _: u32, _: Resampling, _: &Interrupt) -> Result<Self> {
        Err(Error::Missing("decode audio files"))
    }

    pub fn frames(&self) -> u64 {
        match *self {}
    }

    pub fn sample_rate(&self) -> u32 {
        match *self {}
    }

    pub fn warnings(&self) -> &[String] {
        match *self {}
    }

    pub fn noticed(&self) -> Vec<String> {
        match *self {}
    }

    pub fn fault(&self) -> Option<String> {
        match *self {}
    }

    pub(crate) fn content(&self) -> &Content {
        match *self {}
    }

    pub fn read(&self, _: u64, _: &mut [f32], _: &mut [f32]) {
        match *self {}
    }

    pub(crate) fn read_mono(&self, _: u64, _: &mut [f32]) {
        match *self {}
    }

    pub fn read_repeated(&self, _: Repeat, _: u64, _: &mut [f32], _: &mut [f32]) {
        match *self {}
    }
}
