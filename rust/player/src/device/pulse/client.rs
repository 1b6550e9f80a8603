//! A connection to the server: commands, replies and sound. No call waits longer than [`PATIENCE`] for the server.

use std::ffi::{CStr, CString};
use std::io::{Cursor, ErrorKind, Read, Write};
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use pulseaudio::protocol::{
    self, AuthParams, AuthReply, Command, CommandReply, DESCRIPTOR_SIZE, Descriptor, DescriptorFlags, MAX_VERSION,
    Prop, Props, PulseError, SetClientNameReply, TagStructReader,
};

use crate::device::DeviceError;

/// Longest time that the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes that are read at a time.
const READ: usize = 16 * 1024;
/// Longest valid message, in bytes. The server sends no sound, so messages are short.
const LONGEST: u32 = 1 << 24;
/// Channel number of commands.
const CONTROL: u32 = u32::MAX;
/// Name of the application that the server shows.
const NAME: &CStr = c"realtime_backend";

/// Why the server cannot be used.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no server, or the connection to it failed.
    Gone(String),
    /// The server refused a command.
    Refused(PulseError),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gone(reason) => f.write_str(reason),
            Self::Refused(error) => write!(f, "the PulseAudio server refused: {error}"),
        }
    }
}

impl From<Failure> for DeviceError {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                Self::Gone(format!("the PulseAudio server did not answer within {} s", PATIENCE.as_secs()))
            }
            _ => Self::Gone(format!("the connection to the PulseAudio server failed: {error}")),
        }
    }
}

fn garbled(error: impl std::fmt::Display) -> Failure {
    Failure::Gone(format!("the PulseAudio server sent something that is not understood: {error}"))
}

/// A message of the server.
pub(super) struct Message {
    /// Number of the command that this message answers.
    pub(super) sequence: u32,
    pub(super) command: Command,
    /// Where the content of a reply is, for [`Client::reply`].
    pub(super) rest: Range<usize>,
}

/// A connection to the server.
pub(super) struct Client {
    socket: UnixStream,
    version: u16,
    sequence: u32,
    incoming: Vec<u8>,
    /// Number of bytes of `incoming` that are processed.
    taken: usize,
    outgoing: Vec<u8>,
}

impl Client {
    /// Connect to the server that the environment names, and authenticate.
    pub(super) fn connect() -> Result<Self, Failure> {
        let path = pulseaudio::socket_path_from_env()
            .ok_or_else(|| Failure::Gone("no PulseAudio server is running".to_owned()))?;
        let socket = UnixStream::connect(&path)
            .map_err(|error| Failure::Gone(format!("no PulseAudio server answers at {}: {error}", path.display())))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let (incoming, outgoing) = (Vec::with_capacity(2 * READ), Vec::with_capacity(READ));
        let mut client = Self { socket, version: MAX_VERSION, sequence: 0, incoming, taken: 0, outgoing };
        let cookie = pulseaudio::cookie_path_from_env().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        let auth = AuthParams { version: MAX_VERSION, supports_shm: false, supports_memfd: false, cookie };
        let agreed: AuthReply = client.ask(&Command::Auth(auth))?;
        client.version = agreed.version.min(MAX_VERSION);
        let mut props = Props::new();
        props.set(Prop::ApplicationName, NAME);
        if let Ok(id) = CString::new(std::process::id().to_string()) {
            props.set(Prop::ApplicationProcessId, id);
        }
        client.ask::<SetClientNameReply>(&Command::SetClientName(props))?;
        Ok(client)
    }

    /// Send a command and wait for its reply. Drops other messages.
    pub(super) fn ask<R: CommandReply>(&mut self, command: &Command) -> Result<R, Failure> {
        let sequence = self.send(command)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            while let Some(message) = self.message()? {
                match message.command {
                    Command::Reply if message.sequence == sequence => return self.reply(message.rest),
                    Command::Error(error) if message.sequence == sequence => return Err(Failure::Refused(error)),
                    _ => {}
                }
            }
            if Instant::now() >= deadline {
                return Err(std::io::Error::from(ErrorKind::TimedOut).into());
            }
            self.read()?;
        }
    }

    /// Send a command. Returns its number, which the answer repeats.
    pub(super) fn send(&mut self, command: &Command) -> Result<u32, Failure> {
        let sequence = self.sequence;
        self.sequence = self.sequence.wrapping_add(1);
        self.outgoing.clear();
        protocol::encode_command_message(&mut self.outgoing, sequence, command, self.version).map_err(garbled)?;
        self.socket.write_all(&self.outgoing)?;
        Ok(sequence)
    }

    /// Send sound to a stream. The server writes it `back` bytes before the end of the previous write.
    pub(super) fn send_sound(&mut self, channel: u32, back: u64, sound: &[u8]) -> Result<(), Failure> {
        // the offset is signed; without flags it is relative to the write position of the stream
        let offset = (back as i64).wrapping_neg() as u64;
        let head = Descriptor { length: sound.len() as u32, channel, offset, flags: DescriptorFlags::empty() };
        self.outgoing.clear();
        protocol::write_descriptor(&mut self.outgoing, &head).map_err(garbled)?;
        self.outgoing.extend_from_slice(sound);
        Ok(self.socket.write_all(&self.outgoing)?)
    }

    /// Wait for data for at most `timeout`, and read it.
    pub(super) fn listen(&mut self, timeout: Duration) -> Result<(), Failure> {
        let mut poll = libc::pollfd { fd: self.socket.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let milliseconds = timeout.as_millis().min(1000) as libc::c_int;
        // SAFETY: there is one descriptor, and it is open as long as the socket is.
        let ready = unsafe { libc::poll(&raw mut poll, 1, milliseconds) };
        if ready > 0 { self.read() } else { Ok(()) }
    }

    fn read(&mut self) -> Result<(), Failure> {
        self.incoming.drain(..self.taken);
        self.taken = 0;
        let old = self.incoming.len();
        self.incoming.resize(old + READ, 0);
        let result = loop {
            match self.socket.read(&mut self.incoming[old..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.incoming.truncate(old + *result.as_ref().unwrap_or(&0));
        match result? {
            0 => Err(Failure::Gone("the PulseAudio server closed the connection".to_owned())),
            _ => Ok(()),
        }
    }

    /// Take the next complete message that was read. Skips messages of unknown kinds. `None` if there is none.
    pub(super) fn message(&mut self) -> Result<Option<Message>, Failure> {
        loop {
            let rest = &self.incoming[self.taken..];
            if rest.len() < DESCRIPTOR_SIZE {
                return Ok(None);
            }
            let head = protocol::read_descriptor(&mut Cursor::new(rest)).map_err(garbled)?;
            if head.length > LONGEST {
                return Err(garbled(format!("a message of {} bytes", head.length)));
            }
            let whole = DESCRIPTOR_SIZE + head.length as usize;
            if rest.len() < whole {
                return Ok(None);
            }
            let start = self.taken + DESCRIPTOR_SIZE;
            let end = self.taken + whole;
            self.taken = end;
            if head.channel != CONTROL {
                continue;
            }
            let mut cursor = Cursor::new(&self.incoming[start..end]);
            if let Ok((sequence, command)) = Command::read_tag_prefixed(&mut cursor, self.version) {
                let rest = start + cursor.position() as usize..end;
                return Ok(Some(Message { sequence, command, rest }));
            }
        }
    }

    /// Decode the content of a reply. `rest` is valid until data is read again.
    pub(super) fn reply<R: CommandReply>(&self, rest: Range<usize>) -> Result<R, Failure> {
        let mut cursor = Cursor::new(&self.incoming[rest]);
        TagStructReader::new(&mut cursor, self.version).read().map_err(garbled)
    }
}
