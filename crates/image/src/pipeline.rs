//! Streams a blob with reading and decompressing, hashing, and walking each on a thread of its own, so that even a
//! single huge layer keeps every core busy.
//!
//! The threads share the same buffers without copying: a buffer goes back to its pool when the last of them lets go of
//! it. The pool is what bounds memory, and what makes a fast thread wait for a slow one.

use std::io::{self, BufRead, Read};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use model::digest::Digest;

use crate::blob::Blob;
use crate::decompress::{Decoder, Format, check_size, failure};
use crate::hash::Hasher;
use crate::{Error, Limits};

/// Bytes of one piece of content: few enough to stay in the cache, enough that waking threads costs nothing.
const PIECE: usize = 512 << 10;
/// Pieces of content in flight.
const PIECES: usize = 4;
/// Bytes of one piece of compressed input, and how many of them.
const INPUT_PIECE: usize = 128 << 10;
const INPUT_PIECES: usize = 3;

/// Bytes that several threads look at; the buffer finds its way home alone.
pub(crate) struct Piece {
    bytes: Vec<u8>,
    length: usize,
    home: SyncSender<Vec<u8>>,
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // Fails where the stream is already over; then the buffer is simply freed.
        let _ = self.home.try_send(std::mem::take(&mut self.bytes));
    }
}

/// A fixed number of buffers.
struct Pool {
    free: Receiver<Vec<u8>>,
    home: SyncSender<Vec<u8>>,
    unborn: usize,
    size: usize,
}

impl Pool {
    fn new(count: usize, size: usize) -> Self {
        let (home, free) = sync_channel(count);
        Self { free, home, unborn: count, size }
    }

    /// Fills a buffer from `reader`, waiting for one to come home where all are out. An empty piece is the end.
    fn fill(&mut self, reader: &mut dyn Read) -> io::Result<Piece> {
        let bytes = match self.free.try_recv() {
            Ok(bytes) => bytes,
            Err(_) if self.unborn > 0 => {
                self.unborn -= 1;
                vec![0; self.size]
            }
            Err(_) => self.free.recv().map_err(io::Error::other)?,
        };
        let mut piece = Piece { bytes, length: 0, home: self.home.clone() };
        while let Some(free) = piece.bytes.get_mut(piece.length..).filter(|free| !free.is_empty()) {
            match reader.read(free) {
                Ok(0) => break,
                Ok(read) => piece.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(piece)
    }
}

/// What the hashing thread is given.
enum ToHash {
    Blob(Arc<Piece>),
    Content(Arc<Piece>),
}

/// The compressed bytes of a blob, each piece of them also sent to be hashed.
struct Input<'a> {
    reader: Box<dyn Read + Send>,
    pool: Pool,
    piece: Arc<Piece>,
    at: usize,
    hash: Option<Sender<ToHash>>,
    consumed: &'a AtomicU64,
}

impl Read for Input<'_> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(output)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.piece.len() {
            self.piece = Arc::new(self.pool.fill(&mut self.reader)?);
            self.at = 0;
            self.consumed.fetch_add(self.piece.len() as u64, Ordering::Relaxed);
            if let Some(hash) = &self.hash {
                let _ = hash.send(ToHash::Blob(Arc::clone(&self.piece)));
            }
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

/// The digests of a blob that was streamed to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streamed {
    /// Of the bytes as stored; `None` where nobody asked.
    pub(crate) blob: Option<Digest>,
    /// Of the uncompressed bytes.
    pub(crate) content: Digest,
    /// How many uncompressed bytes.
    pub(crate) bytes: u64,
}

/// Streams `blob` through `take`, which sees the uncompressed bytes in order on the calling thread. Digests are computed
/// by the algorithms of the expected ones, but not compared. Errors name `object`.
pub(crate) fn stream(
    object: &str,
    blob: &dyn Blob,
    (blob_digest, diff_id): (Option<&Digest>, Option<&Digest>),
    limits: &Limits,
    mut take: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<Streamed, Error> {
    let mut reader = blob.open()?;
    let broken = |what: &str| Error::unusable(object, format!("could not be read: the {what} thread failed; please report this"));
    let spawned = |error| Error::io(object, error);
    let mut pool = Pool::new(PIECES, PIECE);
    let first = pool.fill(&mut reader).map_err(|error| Error::io(object, error))?;
    let format = Format::of(&first);
    let (to_hash, hash) = channel::<ToHash>();
    let (to_walk, walk) = channel::<Result<Arc<Piece>, Error>>();
    thread::scope(|scope| {
        // A plain blob is its own content, and is hashed once where both digests are of one algorithm.
        let plain = format == Format::Plain;
        let same = plain && sha512(blob_digest) == sha512(diff_id);
        let mut hashers =
            (blob_digest.filter(|_| !same).map(|digest| Hasher::for_expected(Some(digest))), Hasher::for_expected(diff_id));
        let hashing = thread::Builder::new()
            .name("hash".to_owned())
            .spawn_scoped(scope, move || {
                let (blob, content) = &mut hashers;
                for message in hash {
                    let (piece, of_blob, of_content) = match message {
                        ToHash::Blob(piece) => (piece, true, false),
                        ToHash::Content(piece) => (piece, plain, true),
                    };
                    if let Some(blob) = blob.as_mut().filter(|_| of_blob) {
                        blob.update(&piece);
                    }
                    if of_content {
                        content.update(&piece);
                    }
                }
                let content = hashers.1.finish();
                (if same { Some(content) } else { hashers.0.map(Hasher::finish) }, content)
            })
            .map_err(spawned)?;
        let wants_blob = blob_digest.is_some();
        let reading = thread::Builder::new()
            .name("read".to_owned())
            .spawn_scoped(scope, move || {
                let outcome = match format {
                    Format::Plain => read_plain(object, first, reader, pool, limits, &to_hash, &to_walk),
                    _ => {
                        let to_hash_blob = wants_blob.then(|| to_hash.clone());
                        decode(object, format, (first, reader), pool, limits, (to_hash_blob, &to_hash), &to_walk)
                    }
                };
                if let Err(error) = outcome {
                    let _ = to_walk.send(Err(error));
                }
            })
            .map_err(spawned)?;
        let mut bytes = 0;
        let taken = walk.iter().try_for_each(|piece| {
            let piece = piece?;
            bytes += piece.len() as u64;
            take(&piece)
        });
        drop(walk);
        let read = reading.join().map_err(|_| broken("reading"));
        let hashed = hashing.join().map_err(|_| broken("hashing"));
        taken?;
        read?;
        let (blob, content) = hashed?;
        Ok(Streamed { blob, content, bytes })
    })
}

fn sha512(digest: Option<&Digest>) -> bool {
    matches!(digest, Some(Digest::Sha512(_)))
}

/// Whether whoever listens still does.
type Listening = bool;

fn hand_out(piece: Piece, to_hash: &Sender<ToHash>, to_walk: &Sender<Result<Arc<Piece>, Error>>) -> Listening {
    let piece = Arc::new(piece);
    let hashing = to_hash.send(ToHash::Content(Arc::clone(&piece))).is_ok();
    to_walk.send(Ok(piece)).is_ok() && hashing
}

fn read_plain(
    object: &str,
    first: Piece,
    mut reader: Box<dyn Read + Send>,
    mut pool: Pool,
    limits: &Limits,
    to_hash: &Sender<ToHash>,
    to_walk: &Sender<Result<Arc<Piece>, Error>>,
) -> Result<(), Error> {
    let mut piece = first;
    let mut bytes = 0_u64;
    while !piece.is_empty() {
        bytes = bytes.saturating_add(piece.len() as u64);
        check_size(object, bytes, u64::MAX, limits)?;
        if !hand_out(piece, to_hash, to_walk) {
            break;
        }
        piece = pool.fill(&mut reader).map_err(|error| Error::io(object, error))?;
    }
    Ok(())
}

fn decode(
    object: &str,
    format: Format,
    (first, reader): (Piece, Box<dyn Read + Send>),
    mut pool: Pool,
    limits: &Limits,
    (to_hash_blob, to_hash): (Option<Sender<ToHash>>, &Sender<ToHash>),
    to_walk: &Sender<Result<Arc<Piece>, Error>>,
) -> Result<(), Error> {
    let consumed = AtomicU64::new(first.len() as u64);
    let first = Arc::new(first);
    if let Some(hash) = &to_hash_blob {
        let _ = hash.send(ToHash::Blob(Arc::clone(&first)));
    }
    let input = Input {
        reader,
        pool: Pool::new(INPUT_PIECES, INPUT_PIECE),
        piece: first,
        at: 0,
        hash: to_hash_blob,
        consumed: &consumed,
    };
    let failed = |error| failure(object, format, error);
    let mut decoder = Decoder::new(format, input).map_err(failed)?;
    let mut bytes = 0_u64;
    loop {
        let piece = pool.fill(&mut decoder).map_err(failed)?;
        if piece.is_empty() {
            return Ok(());
        }
        bytes = bytes.saturating_add(piece.len() as u64);
        check_size(object, bytes, consumed.load(Ordering::Relaxed), limits)?;
        if !hand_out(piece, to_hash, to_walk) {
            return Ok(());
        }
    }
}
