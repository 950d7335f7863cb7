use super::*;

const PLAIN: &str = "shpat_very_secret_indeed";

#[test]
fn a_secret_is_never_printed() {
    let secret = Secret::from(PLAIN);
    let memory = MemoryStore::default();
    memory.keep("shop", &secret).unwrap();
    for shown in [format!("{secret:?}"), format!("{:?}", Some(&secret)), format!("{memory:?}")] {
        assert!(!shown.contains(PLAIN), "Debug shows a secret: {shown}");
    }
}

#[test]
fn a_place_reads_back_as_it_was_written() {
    for text in ["keyring:shop-1", "file:shop-1", "env:SHOP_TOKEN", "memory:a:b"] {
        let place: Place = text.parse().unwrap();
        assert_eq!(place.to_string(), text, "a place changes when it is kept");
    }
    for text in ["", "keyring", "keyring:", "shpat:x"] {
        assert!(text.parse::<Place>().is_err(), "{text:?} is taken for a place");
    }
}

#[tokio::test]
async fn what_is_kept_in_a_file_is_read_by_the_next_process_and_forgotten_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let (path, place) = (folder.path().join("deep/secrets.json"), Place::File("shop-1".to_owned()));
    let missing = Secrets::new(path.clone()).read(&place).await.unwrap_err();
    assert_eq!(missing, SecretError::Missing(place.clone()), "a secret that was never kept is not missing");
    Secrets::new(path.clone()).keep(&place, PLAIN.into()).await.unwrap();
    let next = Secrets::new(path);
    assert_eq!(next.read(&place).await.unwrap().expose(), PLAIN, "the file lost the secret");
    next.forget(&place).await.unwrap();
    assert!(next.read(&place).await.is_err(), "a forgotten secret is still there");
}

#[cfg(unix)]
#[test]
fn a_file_of_secrets_is_closed_to_others_and_refused_if_it_is_not() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.json");
    let store = FileStore::new(path.clone());
    store.keep("shop", &PLAIN.into()).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "others may read the secrets");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let error = store.read("shop").unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "an open file is used as if nothing had happened: {error}");
    assert!(!error.contains(PLAIN), "the error shows the secret");
}

#[tokio::test]
async fn an_environment_variable_is_read_but_never_written() {
    let secrets = Secrets::new("unused".into());
    let place = Place::Env("PATH".to_owned());
    assert!(!secrets.read(&place).await.unwrap().expose().is_empty(), "a variable that is set is not read");
    let error = secrets.keep(&place, PLAIN.into()).await.unwrap_err();
    assert_eq!(error, SecretError::Outside("PATH".to_owned()), "Presell claims to change the environment");
    let unset = Place::Env("PRESELL_NO_SUCH_VARIABLE".to_owned());
    assert_eq!(
        secrets.read(&unset).await.unwrap_err(),
        SecretError::Missing(unset),
        "a variable not set is not missing"
    );
}

#[tokio::test]
async fn a_keyring_answers_or_says_in_words_why_not() {
    let place = Place::Keyring("presell-test-never-kept".to_owned());
    match Secrets::new("unused".into()).read(&place).await {
        Err(SecretError::Missing(missing)) => assert_eq!(missing, place, "another secret is missing"),
        Err(SecretError::Store(words)) => {
            assert!(words.contains("environment variable"), "no way out is named: {words}");
        }
        other => panic!("a secret that was never kept is there: {other:?}"),
    }
}
