//! The controls of the desktop and the media keys, over the session bus (MPRIS 2).

mod service;

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use mpris_server::{Property, Server, Signal, zbus};
use realtime_backend_core::lock::lock;
use realtime_backend_player::{Player, State};

use super::keys::Key;
use super::screen::Now;
use service::{Service, Shown};

/// A position that differs by more than this from where playing on would have led is told as a jump, in seconds.
const JUMP: f64 = 0.5;

/// The player on the session bus, until this is dropped. A thread of its own talks to the bus, so that a bus that is slow
/// or missing holds nothing up.
pub(super) struct Mpris {
    shown: Arc<Mutex<Shown>>,
    /// Wakes the thread that tells the bus of changes.
    changes: Sender<Vec<Change>>,
    wishes: Receiver<Wish>,
    last: Instant,
}

/// What somebody at the bus wants.
enum Wish {
    /// What a key does.
    Key(Key),
    /// Play, or pause.
    Play(bool),
    /// Go to this position, in seconds.
    Seek(f64),
    /// A linear volume.
    Volume(f32),
}

/// Something that others have to be told.
enum Change {
    Property(Property),
    Position(f64),
}

impl Mpris {
    /// Offer the controls, if there is a session bus.
    pub(super) fn begin(now: Now<'_>) -> Self {
        let shown = Arc::new(Mutex::new(Shown::of(now)));
        let (send, wishes) = mpsc::channel();
        let (changes, told) = mpsc::channel();
        let service = Service::new(Arc::clone(&shown), send);
        // without the thread there are no controls, and the sound goes on
        let _ = thread::Builder::new().name("mpris".to_owned()).spawn(move || serve(service, &told));
        Self { shown, changes, wishes, last: Instant::now() }
    }

    /// Do what somebody wants. What a key does as well is returned as that key.
    pub(super) fn next(&self, player: &Player) -> Option<Key> {
        loop {
            match self.wishes.try_recv().ok()? {
                Wish::Key(key) => return Some(key),
                Wish::Play(on) if on == (player.state() == State::Paused) => return Some(Key::Toggle),
                Wish::Play(_) => {}
                Wish::Seek(position) => player.seek(position),
                Wish::Volume(volume) => {
                    let _ = player.set_volume(volume);
                }
            }
        }
    }

    /// Tell what plays now.
    pub(super) fn show(&mut self, now: Now<'_>) {
        let new = Shown::of(now);
        let passed = std::mem::replace(&mut self.last, Instant::now()).elapsed();
        let old = std::mem::replace(&mut *lock(&self.shown), new.clone());
        let mut changes: Vec<Change> = old.differences(&new).into_iter().map(Change::Property).collect();
        if (new.position - old.position_after(passed)).abs() > JUMP {
            changes.push(Change::Position(new.position));
        }
        if !changes.is_empty() {
            let _ = self.changes.send(changes);
        }
    }
}

/// Serve the bus until the other end of `told` is gone.
fn serve(service: Service, told: &Receiver<Vec<Change>>) {
    let name = format!("realtime_backend.instance{}", std::process::id());
    let Ok(server) = zbus::block_on(Server::new(&name, service)) else { return };
    while let Ok(changes) = told.recv() {
        let told = zbus::block_on(async {
            for change in changes {
                match change {
                    Change::Property(property) => server.properties_changed([property]).await?,
                    Change::Position(seconds) => {
                        server.emit(Signal::Seeked { position: service::time(seconds) }).await?;
                    }
                }
            }
            zbus::Result::Ok(())
        });
        if told.is_err() {
            return;
        }
    }
}

impl Shown {
    /// Where a player that shows this is after `passed`.
    fn position_after(&self, passed: Duration) -> f64 {
        self.position + if self.playing() { passed.as_secs_f64() } else { 0.0 }
    }
}
