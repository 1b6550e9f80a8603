//! Which frame of which source an index of the ring is.

use std::collections::VecDeque;

use crate::queue::Place;

/// Most places that are known at a time. The ring never holds more joints than that.
const MOST: usize = 256;

/// The places at which the track frame jumps, in the order of their indices. Never allocates after it is made.
#[derive(Debug)]
pub(super) struct Places(VecDeque<Place>);

impl Places {
    /// Index 0 is the frame `frame` of the source `source`.
    pub(super) fn new(frame: u64, source: u64) -> Self {
        let mut places = VecDeque::with_capacity(MOST);
        places.push_back(Place { index: 0, frame, source, joined: false });
        Self(places)
    }

    /// Add a joint, which follows all known places.
    pub(super) fn add(&mut self, place: Place) {
        if self.0.len() == self.0.capacity() {
            self.0.pop_front();
        }
        self.0.push_back(place);
    }

    /// Go from index `from` to `place`: the joints that are jumped over are forgotten.
    pub(super) fn jump(&mut self, from: u64, place: Place) {
        self.0.retain(|known| known.index <= from || known.index >= place.index);
        if self.0.len() == self.0.capacity() {
            self.0.pop_front();
        }
        let position = self.0.partition_point(|known| known.index < place.index);
        self.0.insert(position, place);
    }

    /// The track frame at `index`, and its source.
    pub(super) fn at(&self, index: u64) -> (u64, u64) {
        let position = self.0.partition_point(|known| known.index <= index);
        match self.0.get(position.saturating_sub(1)) {
            Some(place) => (place.frame + index.saturating_sub(place.index), place.source),
            None => (0, 0),
        }
    }

    /// The track frame that was handed out `back` frames before `index`, and its source. A seek is not looked behind.
    pub(super) fn before(&self, index: u64, back: u64) -> (u64, u64) {
        let (mut end, mut back) = (index, back);
        let position = self.0.partition_point(|known| known.index <= index);
        for place in self.0.iter().take(position).rev() {
            let into = end - place.index;
            if into >= back || !place.joined {
                return ((place.frame + into).saturating_sub(back), place.source);
            }
            back -= into;
            end = place.index;
        }
        self.at(index)
    }

    /// Forget what nobody asks for who asks for `index` or later.
    pub(super) fn forget_before(&mut self, index: u64) {
        while self.0.get(1).is_some_and(|next| next.index <= index) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_before_a_joint_belong_to_what_played_before() {
        let mut places = Places::new(50, 1);
        places.add(Place { index: 100, frame: 0, source: 2, joined: true });
        assert_eq!((places.at(99), places.at(100), places.at(130)), ((149, 1), (0, 2), (30, 2)));
        assert_eq!((places.before(130, 30), places.before(130, 40)), ((0, 2), (140, 1)));
        places.jump(130, Place { index: 200, frame: 7, source: 2, joined: false });
        assert_eq!((places.at(205), places.before(205, 100)), ((12, 2), (0, 2)));
        places.forget_before(200);
        assert_eq!(places.at(205), (12, 2));
    }

    #[test]
    fn a_jump_forgets_the_joints_that_it_skips() {
        let mut places = Places::new(0, 1);
        places.add(Place { index: 100, frame: 0, source: 2, joined: true });
        places.add(Place { index: 300, frame: 0, source: 3, joined: true });
        places.jump(50, Place { index: 200, frame: 5, source: 1, joined: false });
        assert_eq!((places.at(201), places.at(300)), ((6, 1), (0, 3)));
    }
}
