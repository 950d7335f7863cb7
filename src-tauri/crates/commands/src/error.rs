//! Why a command was not done: a code where a caller does something different because of it, and always a message that
//! says what happened and what to do.

use presell_catalog::refresh::RefreshError;
use presell_catalog::stores::StoresError;
use presell_imports::ImportError;
use presell_imports::problem::Problem;
use presell_jobs::RunError;
use presell_store::StoreError;
use serde::Serialize;

/// The answer of a command.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command was not done. Serialised with its code, e.g. `{"code": "notAccepted", "message": "…"}`.
#[derive(Debug, Serialize, thiserror::Error)]
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

impl Error {
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
            StoresError::Zone { .. } => Error::Refused { message },
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
            ImportError::AlreadyUndone(_) | ImportError::Touched { .. } => Error::Refused { message },
            ImportError::Stores(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Error {
        let message = error.to_string();
        match error {
            RunError::Parameters(_) | RunError::Refresh(RefreshError::AsOfWithoutDryRun) => {
                Error::NotAccepted { message }
            }
            RunError::Refresh(RefreshError::Brake { removals, members, .. }) => {
                Error::ConfirmationNeeded { message, removals, members }
            }
            RunError::Refresh(RefreshError::UnknownSku(_)) => Error::NotFound { message },
            RunError::Refresh(RefreshError::Stores(error)) => error.into(),
            RunError::Refresh(RefreshError::Store(error)) | RunError::Store(error) => error.into(),
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
