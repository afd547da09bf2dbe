use bytes::Bytes;
use nakai_ports::{BundleArchive, BundleStore, StoreError};
use nakai_types::{BotName, BotRef, TenantId, Version};
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, tenant};

fn bundle(name: &str, version: u8) -> BundleArchive {
    let bot = BotRef {
        name: BotName::new(name).unwrap(),
        version: Version::from_digest([version; 32]),
    };
    BundleArchive {
        bot,
        bytes: Bytes::from(vec![version; 100_000]),
    }
}

#[rstest]
#[tokio::test]
async fn a_bundle_is_kept_once_and_listed_newest_first(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let bundles = [
        bundle("ryokan", 9),
        bundle("ryokan", 3),
        bundle("ryokan", 200),
        bundle("spa", 1),
    ];
    for bundle in bundles.iter().chain(&bundles[..1]) {
        sandbox.store.put(&tenant(), bundle).await.unwrap();
    }
    sandbox.reopen().await.unwrap();
    for bundle in &bundles {
        assert_eq!(
            sandbox.store.get(&tenant(), &bundle.bot).await.unwrap().as_ref(),
            Some(bundle)
        );
    }
    let versions = sandbox.store.versions(&tenant(), &bundles[0].bot.name).await.unwrap();
    assert_eq!(versions, [200, 3, 9].map(|digit| Version::from_digest([digit; 32])));
    let unknown = bundle("onsen", 1).bot;
    assert_eq!(sandbox.store.get(&tenant(), &unknown).await.unwrap(), None);
    assert_eq!(sandbox.store.versions(&tenant(), &unknown.name).await.unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn the_active_version_is_the_one_activated_last(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let [old, new, other] = [bundle("ryokan", 1), bundle("ryokan", 2), bundle("a_spa", 1)];
    assert_eq!(sandbox.store.active(&tenant()).await.unwrap(), []);
    for bundle in [&old, &new, &other] {
        sandbox.store.put(&tenant(), bundle).await.unwrap();
    }
    for bundle in [&old, &new, &other] {
        sandbox.store.activate(&tenant(), &bundle.bot).await.unwrap();
    }
    assert_eq!(
        sandbox.store.active(&tenant()).await.unwrap(),
        [other.bot.clone(), new.bot.clone()]
    );
    sandbox.store.activate(&tenant(), &old.bot).await.unwrap();
    sandbox.reopen().await.unwrap();
    assert_eq!(sandbox.store.active(&tenant()).await.unwrap(), [other.bot, old.bot]);
}

#[rstest]
#[tokio::test]
async fn a_version_that_is_not_stored_is_not_activated(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let stored = bundle("ryokan", 1);
    sandbox.store.put(&tenant(), &stored).await.unwrap();
    sandbox.store.activate(&tenant(), &stored.bot).await.unwrap();
    let unknown = bundle("ryokan", 2).bot;
    assert!(matches!(
        sandbox.store.activate(&tenant(), &unknown).await,
        Err(StoreError::Internal(_))
    ));
    assert_eq!(sandbox.store.active(&tenant()).await.unwrap(), [stored.bot]);
}

#[rstest]
#[tokio::test]
async fn bundles_belong_to_their_tenant(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let other = TenantId::new("other").unwrap();
    let ours = bundle("ryokan", 1);
    sandbox.store.put(&tenant(), &ours).await.unwrap();
    sandbox.store.activate(&tenant(), &ours.bot).await.unwrap();
    assert_eq!(sandbox.store.get(&other, &ours.bot).await.unwrap(), None);
    assert_eq!(sandbox.store.versions(&other, &ours.bot.name).await.unwrap(), []);
    assert_eq!(sandbox.store.active(&other).await.unwrap(), []);
    assert!(sandbox.store.activate(&other, &ours.bot).await.is_err());
}
