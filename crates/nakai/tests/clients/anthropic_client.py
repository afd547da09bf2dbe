"""What Anthropic's client for Python sees. Arguments: the address of Nakai, its key."""

import sys

import anthropic
from anthropic import Anthropic

address, key = sys.argv[1:]
client = Anthropic(base_url=address, api_key=key, max_retries=0)
said = [{"role": "user", "content": "one two 温泉"}]


def ask(model, **options):
    return client.messages.create(model=model, max_tokens=50, messages=said, **options)


def message():
    for model in ["claude/scripted", "scripted/scripted"]:
        answer = ask(model, system="Be kind.")
        assert answer.content[0].text == "one two 温泉" and answer.stop_reason == "end_turn", answer
        assert answer.usage.input_tokens > 0 and answer.usage.cache_read_input_tokens == 0, answer.usage
        assert answer._request_id


def stream():
    for model in ["claude/scripted", "scripted/scripted", "gemini/scripted"]:
        with client.messages.stream(model=model, max_tokens=50, messages=said) as events:
            assert "".join(events.text_stream) == "one two 温泉"
            final = events.get_final_message()
        assert final.stop_reason == "end_turn" and final.usage.output_tokens > 0, final


def tools():
    tool = {
        "name": "look_up",
        "input_schema": {"type": "object", "properties": {"query": {"type": "string"}}},
    }
    for model in ["claude/scripted,mode=tool", "scripted/scripted,mode=tool"]:
        messages = [{"role": "user", "content": "look it up"}]
        first = client.messages.create(model=model, max_tokens=50, messages=messages, tools=[tool])
        call = first.content[-1]
        assert first.stop_reason == "tool_use" and call.name == "look_up" and call.input == {"query": "温泉"}
        messages.append({"role": "assistant", "content": first.content})
        result = {"type": "tool_result", "tool_use_id": call.id, "content": "42"}
        messages.append({"role": "user", "content": [result]})
        second = client.messages.create(model=model, max_tokens=50, messages=messages, tools=[tool])
        assert "42" in second.content[0].text, second
        with client.messages.stream(model=model, max_tokens=50, messages=messages[:1], tools=[tool]) as events:
            streamed = events.get_final_message()
        assert streamed.content[-1].input == {"query": "温泉"}, streamed


def models():
    assert "bot:ryokan" in [model.id for model in client.models.list()]


def bot():
    answer = ask("bot:ryokan")
    assert answer.content[0].text and answer.nakai["conversation_id"], answer


def expect(kind, code, call):
    try:
        call()
    except kind as error:
        assert error.body["error"]["code"] == code, error.body
        return error
    raise AssertionError(f"no {kind.__name__}")


def errors():
    stranger = Anthropic(base_url=address, api_key="wrong", max_retries=0)
    expect(anthropic.AuthenticationError, "unauthenticated", lambda: stranger.models.list())
    expect(anthropic.NotFoundError, "model_not_found", lambda: ask("claude-opus"))
    limited = expect(
        anthropic.RateLimitError, "provider_rate_limited", lambda: ask("claude/scripted,fault=429,retry_s=7")
    )
    assert limited.response.headers["retry-after"] == "7"

    def broken():
        with client.messages.stream(
            model="claude/scripted,fault=cut,after=2", max_tokens=50, messages=said
        ) as events:
            for _ in events:
                pass

    expect(anthropic.APIStatusError, "provider_stream_cut", broken)


for test in [message, stream, tools, models, bot, errors]:
    test()
    print(f"{test.__name__} ok")
