//! Compression of layers and archives, told by the first bytes: media types and file names lie.

use std::io::{self, BufRead, Read};

use crate::{Error, Limits};
use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder as ZstdState, InBuffer, Operation, OutBuffer};

/// Largest zstd window: what `zstd --long` uses, 128 MiB.
const ZSTD_WINDOW_LOG: u32 = 27;
/// Memory that an xz stream may ask for, in KiB: its largest preset needs 65 MiB.
const XZ_MEMORY_KIB: u32 = 128 << 10;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Not at all.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
}

impl Format {
    /// Tells the format by its magic.
    pub(crate) fn of(first: &[u8]) -> Self {
        match first {
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
            // A frame, or a skippable frame as eStargz-like tools put before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            _ => Self::Plain,
        }
    }
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        }
    }
}

/// Decompresses what it reads; reads its input to the end, also past the end of the compressed data.
pub(crate) enum Decoder<R: BufRead> {
    Plain(R),
    Gzip { input: R, state: Decompress, within: bool },
    Zstd { input: R, state: ZstdState<'static>, within: bool },
    Bzip2(bzip2::bufread::MultiBzDecoder<R>),
    Xz(Box<lzma_rust2::XzReader<R>>),
}

impl<R: BufRead> Decoder<R> {
    pub(crate) fn new(format: Format, input: R) -> io::Result<Self> {
        Ok(match format {
            Format::Plain => Self::Plain(input),
            Format::Gzip => Self::Gzip { input, state: gzip(), within: false },
            Format::Zstd => {
                let mut state = ZstdState::new()?;
                state.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
                Self::Zstd { input, state, within: false }
            }
            Format::Bzip2 => Self::Bzip2(bzip2::bufread::MultiBzDecoder::new(input)),
            Format::Xz => Self::Xz(Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, XZ_MEMORY_KIB))),
        })
    }
}

/// A state for one gzip member; header and checksum are its business.
fn gzip() -> Decompress {
    Decompress::new_gzip(15)
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(output),
            Self::Gzip { input, state, within } => read_gzip(input, state, within, output),
            Self::Zstd { input, state, within } => read_zstd(input, state, within, output),
            Self::Bzip2(decoder) => decoder.read(output),
            Self::Xz(decoder) => decoder.read(output),
        }
    }
}

fn read_gzip<R: BufRead>(input: &mut R, state: &mut Decompress, within: &mut bool, output: &mut [u8]) -> io::Result<usize> {
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return if *within { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(0) };
        }
        if !*within {
            // Between members some writers leave zeros, to fill a block.
            let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
            if zeros > 0 {
                input.consume(zeros);
                continue;
            }
            *state = gzip();
            *within = true;
        }
        let (before_in, before_out) = (state.total_in(), state.total_out());
        let status = state.decompress(bytes, output, FlushDecompress::None).map_err(invalid)?;
        let consumed = (state.total_in() - before_in) as usize;
        let produced = (state.total_out() - before_out) as usize;
        input.consume(consumed);
        if status == Status::StreamEnd {
            *within = false;
        } else if consumed == 0 && produced == 0 {
            return Err(invalid("the gzip stream makes no progress"));
        }
        if produced > 0 || output.is_empty() {
            return Ok(produced);
        }
    }
}

fn read_zstd<R: BufRead>(
    input: &mut R,
    state: &mut ZstdState<'static>,
    within: &mut bool,
    output: &mut [u8],
) -> io::Result<usize> {
    loop {
        let bytes = input.fill_buf()?;
        let ended = bytes.is_empty();
        if ended && !*within {
            return Ok(0);
        }
        let mut from = InBuffer::around(bytes);
        let mut to = OutBuffer::around(&mut *output);
        // Zero says that a frame is complete and handed out; further input begins the next one.
        let hint = state.run(&mut from, &mut to)?;
        let (consumed, produced) = (from.pos(), to.pos());
        input.consume(consumed);
        *within = hint != 0;
        if produced > 0 || output.is_empty() {
            return Ok(produced);
        }
        if ended {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if consumed == 0 {
            return Err(invalid("the zstd stream makes no progress"));
        }
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The error for what a [`Decoder`] answered.
pub(crate) fn failure(object: &str, format: Format, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::corrupt(object, format!("its {} data ends too early", format.name())),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::OutOfMemory | io::ErrorKind::Other
            if format != Format::Plain && error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).is_none() =>
        {
            Error::corrupt(object, format!("its {} data cannot be decompressed ({error})", format.name()))
        }
        _ => Error::io(object, error),
    }
}

/// Refuses to go on where too much came out, or too much of too little.
pub(crate) fn check_size(object: &str, bytes: u64, consumed: u64, limits: &Limits) -> Result<(), Error> {
    if bytes > limits.layer_bytes {
        return Err(Error::limit(object, format!("is larger than {} bytes uncompressed", limits.layer_bytes)));
    }
    match limits.ratios.iter().find(|ratio| bytes > ratio.floor && bytes / consumed.max(1) > ratio.most) {
        Some(ratio) => Err(Error::limit(object, format!("unpacks to more than {} times its size, as a bomb does", ratio.most))),
        None => Ok(()),
    }
}
