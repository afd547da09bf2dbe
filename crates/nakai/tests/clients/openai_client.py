"""What OpenAI's client for Python sees. Arguments: the address of Nakai, its key."""

import sys

import openai
from openai import OpenAI
from pydantic import BaseModel

address, key = sys.argv[1:]
client = OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)
said = [{"role": "user", "content": "one two 温泉"}]


def chat():
    answer = client.chat.completions.create(model="scripted/scripted", messages=said)
    assert answer.choices[0].message.content == "one two 温泉", answer
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.prompt_tokens == 3 and answer.usage.prompt_tokens_details.cached_tokens == 0, answer.usage
    assert answer._request_id


def stream():
    chunks = list(
        client.chat.completions.create(
            model="scripted/scripted", messages=said, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "one two 温泉"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0
    with client.chat.completions.stream(model="claude/scripted", messages=said, max_tokens=50) as events:
        assert events.get_final_completion().choices[0].message.content == "one two 温泉"


def tools():
    tool = {
        "type": "function",
        "function": {
            "name": "look_up",
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"query": {"type": "string"}},
                "required": ["query"],
                "additionalProperties": False,
            },
        },
    }
    for model in ["scripted/scripted,mode=tool", "claude/scripted,mode=tool"]:
        messages = [{"role": "user", "content": "look it up"}]
        first = client.chat.completions.create(model=model, messages=messages, tools=[tool], tool_choice="required")
        call = first.choices[0].message.tool_calls[0]
        assert first.choices[0].finish_reason == "tool_calls" and call.function.name == "look_up"
        messages.append(first.choices[0].message)
        messages.append({"role": "tool", "tool_call_id": call.id, "content": "42"})
        second = client.chat.completions.create(model=model, messages=messages, tools=[tool])
        assert "42" in second.choices[0].message.content, second
        with client.chat.completions.stream(model=model, messages=messages[:1], tools=[tool]) as events:
            streamed = events.get_final_completion().choices[0].message.tool_calls[0]
        assert streamed.function.name == "look_up" and "温泉" in streamed.function.arguments, streamed


def structured_output():
    class Said(BaseModel):
        answer: str
        sure: bool

    for model in ["scripted/scripted,mode=json", "gemini/scripted,mode=json"]:
        parsed = client.chat.completions.parse(model=model, messages=said, response_format=Said)
        assert parsed.choices[0].message.parsed == Said(answer="温泉", sure=True), parsed


def embeddings():
    # The client asks for Base64 unless it is told otherwise.
    for model in ["nakai/encoder", "scripted/scripted"]:
        as_base64 = client.embeddings.create(model=model, input=["温泉", "spa"]).data
        as_numbers = client.embeddings.create(model=model, input=["温泉", "spa"], encoding_format="float").data
        assert len(as_base64) == 2 and len(as_base64[0].embedding) == len(as_numbers[0].embedding) > 10
        assert all(abs(a - b) < 1e-6 for a, b in zip(as_base64[1].embedding, as_numbers[1].embedding))


def models():
    names = [model.id for model in client.models.list()]
    assert "bot:ryokan" in names and "nakai/encoder" in names and "scripted/scripted" in names, names
    assert client.models.retrieve("scripted/scripted").owned_by == "scripted"


def bot():
    first = client.chat.completions.create(
        model="bot:ryokan", messages=[{"role": "user", "content": "What time is check-in?"}]
    )
    assert first.choices[0].message.content
    conversation = first.nakai["conversation_id"]
    second = client.chat.completions.create(
        model="bot:ryokan",
        messages=[{"role": "user", "content": "温泉は何時まで入れますか"}],
        metadata={"conversation_id": conversation},
        stream=True,
    )
    chunks = list(second)
    assert "24" in "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    last = [c for c in chunks if getattr(c, "nakai", None)][-1]
    assert last.nakai["conversation_id"] == conversation and last.nakai["citations"], last


def expect(kind, code, call, status=None):
    try:
        call()
    except kind as error:
        assert error.code == code, error
        assert status is None or error.status_code == status, error
        return error
    raise AssertionError(f"no {kind.__name__}")


def ask(model, **options):
    return client.chat.completions.create(model=model, messages=said, **options)


def errors():
    stranger = OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0)
    expect(openai.AuthenticationError, "unauthenticated", lambda: stranger.models.list())
    expect(openai.NotFoundError, "model_not_found", lambda: ask("gpt-5"))
    expect(openai.PermissionDeniedError, "model_not_allowed", lambda: ask("scripted/secret"))
    expect(openai.BadRequestError, "invalid_request", lambda: ask("scripted/scripted", n=2))
    limited = expect(
        openai.RateLimitError, "provider_rate_limited", lambda: ask("scripted/scripted,fault=429,retry_s=7")
    )
    assert limited.response.headers["retry-after"] == "7" and limited.response.headers["x-request-id"]
    expect(openai.InternalServerError, "provider_key_rejected", lambda: ask("scripted/scripted,fault=401"), 502)


def a_stream_that_breaks_off():
    pieces = []

    def read():
        for chunk in ask("scripted/scripted,fault=cut,after=2", stream=True):
            pieces.append(chunk.choices[0])

    expect(openai.APIError, "provider_stream_cut", read)
    assert "".join(piece.delta.content or "" for piece in pieces) == "one two "
    assert all(piece.finish_reason is None for piece in pieces)


def repeats():
    # The client repeats what can succeed, and does not repeat what can't.
    patient = OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=2)
    model = "scripted/scripted,fault=401,times=1,id=once"
    try:
        patient.chat.completions.create(model=model, messages=said)
        raise AssertionError("was repeated")
    except openai.InternalServerError:
        pass


for test in [
    chat,
    stream,
    tools,
    structured_output,
    embeddings,
    models,
    bot,
    errors,
    a_stream_that_breaks_off,
    repeats,
]:
    test()
    print(f"{test.__name__} ok")
