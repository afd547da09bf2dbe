use nakai_llm::{
    AfterFirstToken, FinishReason, GenerateRequest, Message, OutputFormat, Role, ToolCall, ToolDefinition,
};
use serde_json::json;

use crate::support::{PROTOCOLS, Server, collect, deadline, request, route};

const SAID: &str = "The 温泉 is open until 24:00, 露天風呂も。";

#[tokio::test]
async fn an_answer_comes_whole_and_in_pieces() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        let route = route(vec![server.target(protocol, "scripted")], AfterFirstToken::Fail);
        let (whole, attempts) = route.whole(&request(SAID), deadline()).await.unwrap();
        let (pieces, error) = collect(&route, request(SAID)).await;
        assert_eq!(error, None, "{protocol:?}");
        assert_eq!(attempts.len(), 1);
        for generation in [&whole, &pieces] {
            assert_eq!(generation.text, SAID, "{protocol:?}");
            assert_eq!(generation.finish, Some(FinishReason::Stop), "{protocol:?}");
            let usage = generation.usage.unwrap();
            assert!(
                usage.input > 0 && usage.output > 5 && !usage.estimated,
                "{protocol:?}: {usage:?}"
            );
        }
        assert_eq!(whole.usage, pieces.usage, "{protocol:?}");
    }
}

#[tokio::test]
async fn tools_are_called_and_their_answers_heard() {
    let server = Server::start().await;
    let tool = ToolDefinition {
        name: "look_up".into(),
        description: "Looks something up.".into(),
        parameters: json!({"type": "object", "properties": {"query": {"type": "string"}}}),
        strict: false,
    };
    for protocol in PROTOCOLS {
        let route = route(
            vec![server.target(protocol, "scripted,mode=tool")],
            AfterFirstToken::Fail,
        );
        let mut request = GenerateRequest {
            tools: vec![tool.clone()],
            ..request("what is open?")
        };
        let (whole, _) = route.whole(&request, deadline()).await.unwrap();
        let (pieces, error) = collect(&route, request.clone()).await;
        assert_eq!(error, None, "{protocol:?}");
        for generation in [&whole, &pieces] {
            let call: &ToolCall = &generation.tool_calls[0];
            assert_eq!(call.name, "look_up", "{protocol:?}");
            let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap();
            assert_eq!(arguments, json!({"query": "温泉"}), "{protocol:?}");
            assert_eq!(generation.finish, Some(FinishReason::ToolCalls), "{protocol:?}");
        }
        let call = whole.tool_calls[0].clone();
        request.messages.push(Message {
            role: Role::Assistant,
            parts: Vec::new(),
            tool_calls: vec![call.clone()],
            tool_call_id: None,
        });
        request.messages.push(Message::tool(call.id, "until midnight"));
        let (answer, _) = route.whole(&request, deadline()).await.unwrap();
        assert!(answer.text.contains("until midnight"), "{protocol:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_request_for_json_is_understood_by_every_protocol() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        let route = route(
            vec![server.target(protocol, "scripted,mode=json")],
            AfterFirstToken::Fail,
        );
        let request = GenerateRequest {
            output: OutputFormat::JsonSchema {
                name: "verdict".into(),
                schema: json!({"type": "object"}),
                strict: true,
            },
            ..request("is it?")
        };
        let (answer, _) = route.whole(&request, deadline()).await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(answer["sure"], true, "{protocol:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_prompt_is_printed() {
    let mut request = request("my card is 4111");
    request.messages[1].tool_calls.push(ToolCall {
        id: "1".into(),
        name: "pay".into(),
        arguments: r#"{"card": "4111"}"#.into(),
    });
    assert!(!format!("{request:?} {:?}", request.messages).contains("4111"));
}
