// What the clients for Node of OpenAI and Anthropic see. Arguments: the address of Nakai, its key.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [address, key] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: address, apiKey: key, maxRetries: 0 });
const messages = [{ role: "user", content: "one two 温泉" }];
const tool = {
  name: "look_up",
  parameters: { type: "object", properties: { query: { type: "string" } } },
};

const tests = {
  async chat() {
    const answer = await openai.chat.completions.create({ model: "scripted/scripted", messages });
    assert.equal(answer.choices[0].message.content, "one two 温泉");
    assert.equal(answer.usage.prompt_tokens, 3);
  },

  async stream() {
    const chunks = [];
    const stream = await openai.chat.completions.create({
      model: "scripted/scripted",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), "one two 温泉");
    assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
  },

  async tools() {
    const stream = openai.chat.completions.stream({
      model: "claude/scripted,mode=tool",
      messages,
      tools: [{ type: "function", function: tool }],
    });
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0];
    assert.equal(finish_reason, "tool_calls");
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { query: "温泉" });
  },

  async structuredOutput() {
    const schema = { type: "object", properties: { answer: { type: "string" }, sure: { type: "boolean" } } };
    const answer = await openai.chat.completions.create({
      model: "scripted/scripted,mode=json",
      messages,
      response_format: { type: "json_schema", json_schema: { name: "said", schema, strict: true } },
    });
    assert.deepEqual(JSON.parse(answer.choices[0].message.content), { answer: "温泉", sure: true });
  },

  async embeddings() {
    for (const model of ["nakai/encoder", "scripted/scripted"]) {
      const { data } = await openai.embeddings.create({ model, input: ["温泉", "spa"] });
      assert.ok(data.length === 2 && data[0].embedding.length > 10);
    }
  },

  async models() {
    const names = [];
    for await (const model of openai.models.list()) names.push(model.id);
    assert.ok(names.includes("bot:ryokan") && names.includes("scripted/scripted"), names.join());
    assert.equal((await openai.models.retrieve("scripted/scripted")).id, "scripted/scripted");
  },

  async errors() {
    const ask = (model) => openai.chat.completions.create({ model, messages });
    const stranger = new OpenAI({ baseURL: `${address}/v1`, apiKey: "wrong", maxRetries: 0 });
    await assert.rejects(stranger.models.list(), { status: 401, code: "unauthenticated" });
    await assert.rejects(ask("gpt-5"), { status: 404, code: "model_not_found" });
    await assert.rejects(ask("scripted/scripted,fault=429,retry_s=7"), (error) => {
      assert.equal(error.code, "provider_rate_limited");
      assert.equal(error.headers.get("retry-after"), "7");
      return true;
    });
    await assert.rejects(async () => {
      const broken = { model: "scripted/scripted,fault=cut,after=2", messages, stream: true };
      for await (const chunk of await openai.chat.completions.create(broken)) {
        assert.equal(chunk.choices[0].finish_reason, null);
      }
    }, { code: "provider_stream_cut" });
  },

  async anthropicMessages() {
    const answer = await anthropic.messages.create({ model: "bot:ryokan", max_tokens: 50, messages });
    assert.ok(answer.content[0].text && answer.nakai.conversation_id);
    const stream = anthropic.messages.stream({ model: "scripted/scripted", max_tokens: 50, messages });
    assert.equal(await stream.finalText(), "one two 温泉");
    const tools = [{ name: tool.name, input_schema: tool.parameters }];
    const called = anthropic.messages.stream({ model: "scripted/scripted,mode=tool", max_tokens: 50, messages, tools });
    assert.deepEqual((await called.finalMessage()).content.at(-1).input, { query: "温泉" });
    const limited = anthropic.messages.create({ model: "claude/scripted,fault=429,retry_s=7", max_tokens: 50, messages });
    await assert.rejects(limited, (error) => error.status === 429 && error.headers.get("retry-after") === "7");
  },
};

for (const [name, test] of Object.entries(tests)) {
  await test();
  console.log(`${name} ok`);
}
