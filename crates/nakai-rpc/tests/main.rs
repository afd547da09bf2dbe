//! The service traits over real sockets: everything comes out as it went in, and failures are what they are called.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use nakai_ports::{
    AnalyseRequest, BundleArchive, Dialogue, DialogueError, DialogueState, Draft, Nlp, NlpError, RespondRequest,
};
use nakai_rpc::{DialogueClient, NlpClient, RpcServer, TlsFiles};
use nakai_types::{
    Analysis, BotName, BotRef, Choice, Citation, ConversationId, Decision, Entity, EntityValue, Handover, IntentScore,
    Interval, Language, ModelCall, Outcome, PersonalData, Quantity, RawText, Reply, Screened, Span, Token, TokenView,
    Understanding, Vault, Version,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

fn bot() -> BotRef {
    BotRef {
        name: BotName::new("ryokan").unwrap(),
        version: Version::from_digest([7; 32]),
    }
}

/// Answers with what it was asked, so that a test sees what arrived.
#[derive(Default)]
struct Echo {
    installed: AtomicUsize,
}

#[async_trait]
impl Nlp for Echo {
    async fn install(&self, bundle: BundleArchive) -> Result<(), NlpError> {
        assert_eq!(
            bundle,
            BundleArchive {
                bot: bot(),
                bytes: Bytes::from_static(b"packed")
            }
        );
        self.installed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError> {
        match request.text.expose() {
            "not installed" => Err(NlpError::NotInstalled(request.bot)),
            "stall" => std::future::pending().await,
            text => Ok(Analysis {
                language: request.language.or(request.previous_language).unwrap_or(Language::Ja),
                mixed: true,
                intents: vec![IntentScore {
                    name: text.into(),
                    confidence: 0.5,
                }],
                out_of_scope: false,
                also: vec![IntentScore {
                    name: "parking".into(),
                    confidence: 0.75,
                }],
                entities: vec![Entity {
                    kind: "guests".into(),
                    span: Span::new(1, 4),
                    value: EntityValue::Integer(3),
                    alternatives: vec![
                        EntityValue::Quantity(Quantity {
                            amount: 2.5,
                            unit: "kilogram".into(),
                        }),
                        EntityValue::Interval(Interval {
                            start: Some("2026-11-23".into()),
                            end: None,
                        }),
                    ],
                }],
                models: vec![ModelCall {
                    model: "openai/text-embedding-3-small".into(),
                    purpose: "intent".into(),
                    input_tokens: 7,
                    cached_input_tokens: 0,
                    output_tokens: 0,
                    reasoning_tokens: 0,
                    cost_micros: 1,
                    estimated: true,
                    micros: 900,
                    first_token_micros: None,
                    failure: Some("timeout".into()),
                }],
            }),
        }
    }

    async fn tokens(
        &self,
        text: RawText,
        language: Option<Language>,
        bot: Option<BotRef>,
    ) -> Result<TokenView, NlpError> {
        let token = Token {
            surface: text.expose().to_owned(),
            span: Span::new(0, text.len()),
            part_of_speech: "名詞".into(),
            base: bot.unwrap().name.to_string(),
            reading: "ヨミ".into(),
            stop: true,
        };
        Ok(TokenView {
            language: language.unwrap(),
            tokens: vec![token],
        })
    }

    async fn ping(&self) -> Result<(), NlpError> {
        Ok(())
    }
}

#[async_trait]
impl Dialogue for Echo {
    async fn install(&self, _: BundleArchive) -> Result<(), DialogueError> {
        Ok(())
    }

    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError> {
        if request.utterance.as_str() == "unreadable" {
            return Err(DialogueError::UnreadableState("format 9".into()));
        }
        if let Some(listener) = &request.listener {
            if request.utterance.as_str() == "for nobody" {
                listener.gone().await;
            }
            for piece in ["電話は", "[phone_1]"] {
                let _ = listener.tell(Screened::ours(piece)).await;
            }
        }
        let revealed: Vec<_> = request
            .vault
            .entries()
            .map(|(p, raw)| format!("{p}={}", raw.expose()))
            .collect();
        Ok(Draft {
            reply: Reply {
                text: request.utterance,
                outcome: Outcome::Handover,
                choices: vec![Choice(Screened::ours(revealed.join(",")))],
                citations: vec![Citation {
                    title: "Baths".into(),
                    url: None,
                    passage: "Open from 5:00.".into(),
                }],
                handover: Some(Handover {
                    reason: "requested".into(),
                    summary: Screened::ours(format!("{:?}", request.understanding)),
                    slots: [("guests".into(), EntityValue::Number(2.5))].into(),
                }),
            },
            state: request.state.unwrap_or_else(|| DialogueState::from_json("{}")),
            decisions: vec![Decision {
                rule: "intent".into(),
                subject: request.conversation.to_string().into(),
                detail: Some(Screened::ours(format!("{} {}", request.sequence, request.now_ms))),
            }],
            models: vec![ModelCall {
                model: "openai/gpt-5-mini".into(),
                purpose: "answer".into(),
                input_tokens: 1,
                cached_input_tokens: 2,
                output_tokens: 3,
                reasoning_tokens: 4,
                cost_micros: 5,
                estimated: true,
                micros: 6,
                first_token_micros: Some(7),
                failure: Some("timeout".into()),
            }],
        })
    }

    async fn ping(&self) -> Result<(), DialogueError> {
        Ok(())
    }
}

/// A server of the echo that ends when told to.
struct Running {
    echo: Arc<Echo>,
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(address: &str, tls: Option<TlsFiles>) -> Self {
        let echo = Arc::new(Echo::default());
        let server = RpcServer::bind(address.parse().unwrap(), tls).await.unwrap();
        let address = server.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = server.with_nlp(echo.clone()).with_dialogue(echo.clone());
        let task = tokio::spawn({
            let stop = stop.clone();
            async move { server.run(stop).await.unwrap() }
        });
        Self {
            echo,
            address,
            stop,
            task,
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

async fn nlp(servers: &[&Running]) -> NlpClient {
    let targets = servers.iter().map(|s| s.address.to_string().parse().unwrap()).collect();
    NlpClient::connect(targets, None).await.unwrap()
}

fn utterance(text: &str) -> AnalyseRequest {
    AnalyseRequest {
        bot: bot(),
        text: RawText::new(text.to_owned()),
        language: None,
        previous_language: Some(Language::En),
        now_ms: 1_790_000_000_000,
        deadline: Instant::now() + Duration::from_secs(20),
    }
}

#[tokio::test]
async fn an_analysis_arrives_as_it_was_made() {
    let server = Running::start("127.0.0.1:0", None).await;
    let client = nlp(&[&server]).await;
    assert_eq!(
        client.analyse(utterance("温泉")).await.unwrap(),
        server.echo.analyse(utterance("温泉")).await.unwrap()
    );
    let view = client
        .tokens(RawText::new("温泉".into()), Some(Language::Ja), Some(bot()))
        .await
        .unwrap();
    assert_eq!(
        view,
        server
            .echo
            .tokens(RawText::new("温泉".into()), Some(Language::Ja), Some(bot()))
            .await
            .unwrap()
    );
    client.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_draft_arrives_as_it_was_made() {
    let server = Running::start("127.0.0.1:0", None).await;
    let client = DialogueClient::connect(vec![server.address.to_string().parse().unwrap()], None)
        .await
        .unwrap();
    let mut vault = Vault::default();
    vault.placeholder_for(PersonalData::Phone, "090-1234-5678");
    let request = RespondRequest {
        bot: bot(),
        conversation: ConversationId::new(),
        sequence: 4,
        state: Some(DialogueState::from_json(r#"{"format":1}"#)),
        utterance: Screened::after_screening("電話は[phone_1]".into()),
        understanding: Understanding {
            language: Language::Ja,
            mixed: false,
            intents: vec![],
            out_of_scope: true,
            also: vec![IntentScore {
                name: "parking".into(),
                confidence: 0.75,
            }],
            entities: vec![],
        },
        vault,
        now_ms: -5,
        deadline: Instant::now() + Duration::from_secs(20),
        listener: None,
    };
    assert_eq!(
        client.respond(request.clone()).await.unwrap(),
        server.echo.respond(request.clone()).await.unwrap()
    );
    let (listener, mut told) = nakai_ports::Listener::channel();
    let heard = RespondRequest {
        listener: Some(listener),
        ..request.clone()
    };
    let draft = client.respond(heard.clone()).await.unwrap();
    drop(heard);
    assert_eq!(draft, server.echo.respond(request.clone()).await.unwrap());
    let mut pieces = Vec::new();
    while let Some(piece) = told.recv().await {
        pieces.push(piece.into_string());
    }
    assert_eq!(pieces, ["電話は", "[phone_1]"]);
    let (listener, told) = nakai_ports::Listener::channel();
    drop(told);
    let for_nobody = RespondRequest {
        utterance: Screened::ours("for nobody"),
        listener: Some(listener),
        ..request.clone()
    };
    let draft = client.respond(for_nobody).await.unwrap();
    assert_eq!(
        draft.reply.text.as_str(),
        "for nobody",
        "dialogue learns that nobody listens, and the turn is not lost"
    );
    let unreadable = RespondRequest {
        utterance: Screened::ours("unreadable"),
        ..request
    };
    let error = client.respond(unreadable).await.unwrap_err();
    assert!(matches!(error, DialogueError::UnreadableState(reason) if reason == "format 9"));
    server.stop().await;
}

#[tokio::test]
async fn errors_keep_their_variant_and_deadlines_are_kept() {
    let server = Running::start("127.0.0.1:0", None).await;
    let client = nlp(&[&server]).await;
    let error = client.analyse(utterance("not installed")).await.unwrap_err();
    assert!(matches!(error, NlpError::NotInstalled(missing) if missing == bot()));
    let stalled = AnalyseRequest {
        deadline: Instant::now() + Duration::from_millis(30),
        ..utterance("stall")
    };
    assert!(matches!(client.analyse(stalled).await, Err(NlpError::DeadlineExceeded)));
    server.stop().await;
}

#[tokio::test]
async fn a_bundle_is_installed_on_every_backend_and_calls_survive_the_loss_of_one() {
    let (first, second) = (
        Running::start("127.0.0.1:0", None).await,
        Running::start("127.0.0.1:0", None).await,
    );
    let client = nlp(&[&first, &second]).await;
    client
        .install(BundleArchive {
            bot: bot(),
            bytes: Bytes::from_static(b"packed"),
        })
        .await
        .unwrap();
    assert_eq!(
        [&first, &second].map(|s| s.echo.installed.load(Ordering::SeqCst)),
        [1, 1]
    );
    first.stop().await;
    for _ in 0..20 {
        client.analyse(utterance("hello")).await.unwrap();
    }
    client
        .install(BundleArchive {
            bot: bot(),
            bytes: Bytes::from_static(b"packed"),
        })
        .await
        .unwrap();
    second.stop().await;
    assert!(matches!(
        client.analyse(utterance("hello")).await,
        Err(NlpError::Unreachable(_))
    ));
}

#[tokio::test]
async fn a_service_that_comes_back_is_found_without_a_restart_of_the_client() {
    let server = Running::start("127.0.0.1:0", None).await;
    let address = server.address.to_string();
    let client = nlp(&[&server]).await;
    client.analyse(utterance("hello")).await.unwrap();
    server.stop().await;
    assert!(matches!(client.ping().await, Err(NlpError::Unreachable(_))));
    let server = Running::start(&address, None).await;
    client.analyse(utterance("hello")).await.unwrap();
    server.stop().await;
}

/// Writes a certificate authority and a certificate for `localhost` signed by it.
fn certificates(folder: &Path, name: &str) -> TlsFiles {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(ca, ca_key);
    let certificate = CertificateParams::new(vec!["localhost".into()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let write = |kind: &str, pem: String| {
        let path = folder.join(format!("{name}-{kind}.pem"));
        std::fs::write(&path, pem).unwrap();
        path
    };
    TlsFiles {
        ca: write("ca", ca_certificate.pem()),
        certificate: write("certificate", certificate.pem()),
        key: write("key", key.serialize_pem()),
    }
}

#[tokio::test]
async fn with_tls_only_a_client_with_a_certificate_of_the_same_authority_is_served() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let ours = certificates(folder.path(), "ours");
    let theirs = certificates(folder.path(), "theirs");
    let server = Running::start("127.0.0.1:0", Some(ours.clone())).await;
    let target = || vec![format!("localhost:{}", server.address.port()).parse().unwrap()];
    NlpClient::connect(target(), Some(&ours))
        .await
        .unwrap()
        .ping()
        .await
        .unwrap();
    let stranger = TlsFiles {
        ca: ours.ca.clone(),
        ..theirs
    };
    let refused = [
        NlpClient::connect(target(), Some(&stranger))
            .await
            .unwrap()
            .ping()
            .await,
        NlpClient::connect(target(), None).await.unwrap().ping().await,
    ];
    assert!(
        refused.iter().all(|r| matches!(r, Err(NlpError::Unreachable(_)))),
        "{refused:?}"
    );
    server.stop().await;
}
