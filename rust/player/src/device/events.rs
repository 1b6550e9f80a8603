//! Devices that come and go.

use super::Listed;

/// What happened to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceChange {
    /// The device that played is gone.
    Lost,
    /// A device was opened in its place, or the audio system moved the sound to it.
    Opened,
    /// A device appeared.
    Added,
    /// A device disappeared.
    Removed,
    /// The device became the default output.
    Default,
}

impl DeviceChange {
    /// The name: `lost`, `opened`, `added`, `removed` or `default`.
    ///
    /// ```
    /// use realtime_backend_player::device::DeviceChange;
    ///
    /// assert_eq!(DeviceChange::Lost.name(), "lost");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Opened => "opened",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Default => "default",
        }
    }
}

/// A change, and the name of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEvent {
    /// What happened.
    pub change: DeviceChange,
    /// Name of the device.
    pub name: String,
}

/// What changed from the devices `before` to the devices `now`.
pub(crate) fn changes(before: &[Listed], now: &[Listed]) -> Vec<DeviceEvent> {
    let names = |change: DeviceChange, listed: &[Listed], others: &[Listed]| -> Vec<DeviceEvent> {
        let new = listed.iter().filter(|device| others.iter().all(|other| other.name != device.name));
        new.map(|device| DeviceEvent { change, name: device.name.clone() }).collect()
    };
    let default = |listed: &[Listed]| listed.iter().find(|device| device.is_default).map(|device| device.name.clone());
    let mut found = names(DeviceChange::Removed, before, now);
    found.extend(names(DeviceChange::Added, now, before));
    let chosen = default(now).filter(|name| Some(name) != default(before).as_ref());
    found.extend(chosen.map(|name| DeviceEvent { change: DeviceChange::Default, name }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_by_name() {
        let listed = |name: &str, is_default| Listed { name: name.to_owned(), is_default, ..Listed::default() };
        let before = [listed("speakers", false), listed("headphones", true)];
        let now = [listed("speakers", true), listed("hdmi", false)];
        let found: Vec<(DeviceChange, String)> =
            changes(&before, &now).into_iter().map(|event| (event.change, event.name)).collect();
        let due =
            [(DeviceChange::Removed, "headphones"), (DeviceChange::Added, "hdmi"), (DeviceChange::Default, "speakers")];
        assert_eq!(found, due.map(|(change, name)| (change, name.to_owned())));
        assert_eq!(changes(&now, &now), []);
    }
}
