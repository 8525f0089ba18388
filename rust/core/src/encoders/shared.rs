//! Packed weights, once per process: scorers of one model with one precision share them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use alliancekit_kernels::{Level, Numbers, PackedEncoder};

type Key = (String, &'static str, Numbers);

static PACKED: Mutex<Option<HashMap<Key, Weak<PackedEncoder>>>> = Mutex::new(None);

/// The encoder packed from the files with the hashes `model`, made by `pack` if nobody holds one.
///
/// # Errors
/// Those of `pack`.
pub(crate) fn packed(
    model: String,
    level: Level,
    numbers: Numbers,
    pack: impl FnOnce() -> Result<PackedEncoder, String>,
) -> Result<Arc<PackedEncoder>, String> {
    let key = (model, level.name(), numbers);
    // Held while packing: a second scorer made meanwhile waits for the first one's weights.
    let mut known = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    known.retain(|_, encoder| encoder.strong_count() > 0);
    if let Some(encoder) = known.get(&key).and_then(Weak::upgrade) {
        return Ok(encoder);
    }
    let encoder = Arc::new(pack()?);
    known.insert(key, Arc::downgrade(&encoder));
    Ok(encoder)
}
