//! The floor under every scan: reads blobs, decompresses them and computes the SHA-256 of the stored and of the unpacked
//! bytes, and nothing else. Reading with its hash, decoding, and the second hash run on threads of their own; as many blobs
//! are worked on at once as there are processors.
//!
//! `floor PATH:OFFSET:SIZE…`, where the bytes are a gzip or zstd stream or anything else as it is.
#![allow(clippy::print_stdout, reason = "a program for measuring")]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use sha2::{Digest as _, Sha256};

const PIECE: usize = 512 << 10;

/// Reads what another thread sends.
struct Pieces {
    from: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.from.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let length = into.len().min(self.piece.len() - self.at);
        into[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Sends all bytes of a reader in pieces; how many there were.
fn send(reader: &mut dyn Read, to: &SyncSender<Vec<u8>>) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let mut piece = vec![0; PIECE];
        let mut filled = 0;
        while filled < PIECE {
            match reader.read(&mut piece[filled..])? {
                0 => break,
                length => filled += length,
            }
        }
        piece.truncate(filled);
        total += filled as u64;
        if filled == 0 || to.send(piece).is_err() {
            return Ok(total);
        }
    }
}

/// Hashes a blob and what is in it; how many bytes are in it.
fn blob(argument: &str) -> io::Result<u64> {
    let parts: Vec<&str> = argument.rsplitn(3, ':').collect();
    let [size, offset, path] = parts[..] else { return Err(io::Error::other("write PATH:OFFSET:SIZE")) };
    let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(number(offset)?))?;
    let mut magic = [0; 4];
    let filled = file.read(&mut magic)?;
    file.seek(SeekFrom::Start(number(offset)?))?;
    let mut stored = file.take(number(size)?);
    if !(magic[..filled].starts_with(b"\x1f\x8b") || magic == *b"\x28\xb5\x2f\xfd") {
        let (mut hasher, mut buffer, mut total) = (Sha256::new(), vec![0; PIECE], 0);
        loop {
            match stored.read(&mut buffer)? {
                0 => break,
                length => {
                    hasher.update(&buffer[..length]);
                    total += length as u64;
                }
            }
        }
        std::hint::black_box(hasher.finalize());
        return Ok(total);
    }
    let (to_decoder, from_disk) = sync_channel(2);
    let (to_hasher, from_decoder) = sync_channel::<Vec<u8>>(2);
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let (mut hasher, mut buffer) = (Sha256::new(), vec![0; PIECE]);
            loop {
                let length = stored.read(&mut buffer)?;
                if length == 0 {
                    std::hint::black_box(hasher.finalize());
                    return io::Result::Ok(());
                }
                let piece = buffer[..length].to_vec();
                hasher.update(&piece);
                if to_decoder.send(piece).is_err() {
                    return Ok(());
                }
            }
        });
        let hashing = scope.spawn(move || {
            let mut hasher = Sha256::new();
            for piece in from_decoder {
                hasher.update(&piece);
            }
            std::hint::black_box(hasher.finalize());
        });
        let pieces = Pieces { from: from_disk, piece: Vec::new(), at: 0 };
        let total = if magic.starts_with(b"\x1f\x8b") {
            send(&mut flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(64 << 10, pieces)), &to_hasher)
        } else {
            send(&mut zstd::Decoder::new(pieces)?, &to_hasher)
        };
        drop(to_hasher);
        let ends = (reading.join(), hashing.join());
        match ends {
            (Ok(read), Ok(())) => read.and(total),
            _ => Err(io::Error::other("a thread ended early")),
        }
    })
}

fn main() -> io::Result<()> {
    let begin = Instant::now();
    let blobs = Mutex::new(std::env::args().skip(1).collect::<Vec<String>>().into_iter());
    let workers = thread::available_parallelism()?.get();
    let total = thread::scope(|scope| {
        let work = || {
            let mut total = 0;
            loop {
                let next = blobs.lock().map_err(|_| io::Error::other("a thread ended early"))?.next();
                match next {
                    Some(argument) => total += blob(&argument)?,
                    None => return io::Result::Ok(total),
                }
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|one| one.join().map_err(|_| io::Error::other("a thread ended early"))?).sum::<io::Result<u64>>()
    })?;
    println!("{total} bytes in {:.3} s", begin.elapsed().as_secs_f64());
    Ok(())
}
