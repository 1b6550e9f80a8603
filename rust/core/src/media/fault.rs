//! Why a file cannot be opened or read, before it is known by which name the user calls it.

use std::io;

use crate::error::Error;

#[derive(Debug)]
pub(super) enum Fault {
    /// The file system says no.
    Io(io::Error),
    /// The content cannot be used; a sentence whose subject is the file.
    Content(String),
    /// The file ends where something else must follow.
    Ends,
    /// Whoever asked for the file wants it no more.
    Stopped(Error),
}

pub(super) type Res<T> = std::result::Result<T, Fault>;

impl Fault {
    pub(super) fn of(self, name: &str) -> Error {
        let message = match self {
            Self::Io(source) => return Error::Io { path: name.to_owned(), source },
            Self::Content(message) => message,
            Self::Ends => "ends within its header".to_owned(),
            Self::Stopped(error) => return error,
        };
        Error::Media { path: name.to_owned(), message }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Content(message)
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Self::Content(message.to_owned())
    }
}
