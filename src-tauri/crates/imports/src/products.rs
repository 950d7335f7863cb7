//! placeholder
use crate::headers::Mapping;
use crate::intake::Job;
use crate::reading::Source;
use crate::request::ImportError;

pub(crate) async fn import(_job: &mut Job<'_>, _source: &mut Source, _mapping: &Mapping) -> Result<(), ImportError> {
    Ok(())
}
