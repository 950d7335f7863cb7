//! Why a command was not done: a code where a caller does something different because of it, and always a message that
//! says what happened and what to do.

use presell_catalog::refresh::RefreshError;
use presell_catalog::stores::StoresError;
use presell_imports::ImportError;
use presell_imports::problem::Problem;
use presell_scheduler::schedules::SwitchError;
use presell_store::StoreError;
use serde::Serialize;
use ts_rs::TS;

use crate::JobView;

/// The answer of a command.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command was not done. Serialised with its code, e.g. `{"code": "notAccepted", "message": "…"}`.
#[derive(Debug, Serialize, thiserror::Error, TS)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Error {
    /// A file cannot be taken as a whole.
    #[error("{message}")]
    FileRefused {
        /// What is wrong and what to do.
        message: String,
        /// Each finding with its place.
        problems: Vec<Problem>,
    },
    /// A refresh would take so much off the lists that somebody has to look first.
    #[error("{message}")]
    ConfirmationNeeded {
        /// What would happen and what to do.
        message: String,
        /// Products that would be removed.
        removals: u64,
        /// Products listed now.
        members: u64,
    },
    /// What was asked for does not exist.
    #[error("{message}")]
    NotFound {
        /// What is missing and how to find it.
        message: String,
    },
    /// Some fields of the request are not accepted. Nothing was changed.
    #[error("{message}")]
    FieldsRefused {
        /// All that is wrong.
        message: String,
        /// Each field with what is wrong about it.
        fields: Vec<Field>,
    },
    /// Somebody else changed it first. Nothing was changed.
    #[error("{message}")]
    Conflict {
        /// Who, and what to do.
        message: String,
        /// The values now, to be shown beside those that were not saved.
        current: Box<JobView>,
    },
    /// Somebody has to say yes first. Nothing was changed.
    #[error("{message}")]
    Questions {
        /// All questions.
        message: String,
        /// Each of them, with the field it is about.
        questions: Vec<Problem>,
    },
    /// Somebody else changed the line first. Nothing was changed.
    #[error("{message}")]
    LineConflict {
        /// What to do.
        message: String,
        /// The line now, to be shown beside what was not saved.
        current: Box<presell_imports::purchasing::LineView>,
    },
    /// The request itself is wrong: a key, a value or a combination that is never accepted.
    #[error("{message}")]
    NotAccepted {
        /// What is accepted.
        message: String,
    },
    /// The request is right, but the present state of things forbids it. Nothing was changed.
    #[error("{message}")]
    Refused {
        /// Why, and what to do.
        message: String,
    },
    /// A person stopped it. Nothing was changed.
    #[error("{message}")]
    Stopped {
        /// That it was so.
        message: String,
    },
    /// The database was written by a newer Presell, and was left alone.
    #[error("{message}")]
    NewerDatabase {
        /// What to install.
        message: String,
    },
    /// The database, the disk or the network did not do its part.
    #[error("{message}")]
    Failed {
        /// What happened and what to do.
        message: String,
    },
}

/// A field that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its name, as the request has it.
    pub name: String,
    /// What is wrong and what is accepted.
    pub message: String,
}

impl Error {
    /// Fields that are not accepted.
    pub(crate) fn fields(fields: Vec<Field>) -> Error {
        let message = fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ");
        Error::FieldsRefused { message, fields }
    }

    /// The present state of things forbids it.
    pub fn refused(message: impl Into<String>) -> Error {
        Error::Refused { message: message.into() }
    }

    /// Something outside Presell did not do its part.
    pub fn failed(message: impl Into<String>) -> Error {
        Error::Failed { message: message.into() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        let message = error.to_string();
        match error {
            StoreError::Newer { .. } => Error::NewerDatabase { message },
            StoreError::Address(_) => Error::NotAccepted { message },
            _ => Error::Failed { message },
        }
    }
}

impl From<StoresError> for Error {
    fn from(error: StoresError) -> Error {
        let message = error.to_string();
        match error {
            StoresError::Unknown(_) => Error::NotFound { message },
            StoresError::Setting(_) => Error::NotAccepted { message },
            StoresError::Zone { .. } | StoresError::Taken(_) => Error::Refused { message },
            StoresError::Store(error) => error.into(),
        }
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Error {
        let message = error.to_string();
        match error {
            ImportError::File(problems) => Error::FileRefused { message, problems },
            ImportError::Unknown(_) => Error::NotFound { message },
            ImportError::Rejects { .. } => Error::Failed { message },
            ImportError::AlreadyUndone(_) | ImportError::Touched { .. } | ImportError::Changed => {
                Error::Refused { message }
            }
            ImportError::Stopped => Error::Stopped { message },
            ImportError::Stores(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}

impl From<RefreshError> for Error {
    fn from(error: RefreshError) -> Error {
        let message = error.to_string();
        match error {
            RefreshError::AsOfWithoutDryRun => Error::NotAccepted { message },
            RefreshError::Brake { removals, members, .. } => Error::ConfirmationNeeded { message, removals, members },
            RefreshError::UnknownSku(_) => Error::NotFound { message },
            RefreshError::Stores(error) => error.into(),
            RefreshError::Store(error) => error.into(),
        }
    }
}

impl From<SwitchError> for Error {
    fn from(error: SwitchError) -> Error {
        let message = error.to_string();
        match error {
            SwitchError::Refused(_) | SwitchError::Conflict(_) => Error::Refused { message },
            SwitchError::Store(error) => error.into(),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        StoreError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_json_object_with_code_and_message() {
        let error = Error::from(StoreError::Newer { found: 9, known: 1 });
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["code"], "newerDatabase", "a caller branches on the code");
        assert_eq!(json["message"], error.to_string(), "a person reads the same words everywhere");
    }
}
