//! Errors of readers, before the name of the file is added for the user.

use std::io;

use crate::error::Error;

/// The reason why a file cannot be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// An error of the file system.
    Io(io::Error),
    /// The content cannot be used; a sentence without its subject, which is the file.
    Content(String),
    /// The file ends within its header.
    Ends,
    /// The caller asked to stop.
    Stopped(Error),
}

/// `Result` with a [`Fault`].
pub(super) type Res<T> = std::result::Result<T, Fault>;

impl Fault {
    /// The error for the user, about the file called `name`.
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
