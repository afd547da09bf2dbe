use anyhow::{Context as _, bail, ensure};

/// An array of a `.npy` file (NumPy's format 1.0), as 32-bit numbers.
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) numbers: Vec<f32>,
}

impl Array {
    pub(super) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        ensure!(bytes.starts_with(b"\x93NUMPY\x01"), "not in NumPy's format 1");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let header = std::str::from_utf8(&bytes[10..10 + length])?;
        ensure!(header.contains("'fortran_order': False"), "columns come first");
        let (_, shape) = header.split_once("'shape': (").context("no shape")?;
        let (shape, _) = shape.split_once(')').context("no end of the shape")?;
        let shape = shape
            .split(',')
            .map(str::trim)
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().context("a length"))
            .collect::<anyhow::Result<Vec<usize>>>()?;
        let data = &bytes[10 + length..];
        let numbers: Vec<f32> = if header.contains("'|u1'") {
            data.iter().map(|byte| f32::from(*byte)).collect()
        } else if header.contains("'<f4'") {
            let (words, _) = data.as_chunks();
            words.iter().map(|word| f32::from_le_bytes(*word)).collect()
        } else {
            bail!("numbers of a type that is not read: {header}");
        };
        ensure!(
            numbers.len() == shape.iter().product::<usize>(),
            "{header} has {} numbers",
            numbers.len()
        );
        Ok(Self { shape, numbers })
    }
}
