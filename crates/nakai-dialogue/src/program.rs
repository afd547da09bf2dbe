//! Flows as programs: the nested steps of a flow laid out as one list of instructions with jumps.
//!
//! A conversation's place in a flow is then a number. All jumps go forward, so a program ends. The layout is part of the stored state's
//! format: change it together with the format number in [`crate::state`].

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use nakai_bundle::model::{AskStep, CallStep, Flow, HttpMethod, Localised, SlotType, Step};
use nakai_types::{Language, PersonalData};

use crate::{
    replies::{Replies, ReplyId},
    templates::{Expression, Templates, Text},
    text::fold,
};

/// A compiled flow.
pub(crate) struct Program {
    pub(crate) name: Arc<str>,
    pub(crate) title: Localised<String>,
    pub(crate) slots: BTreeMap<Arc<str>, Slot>,
    /// The slots in the order in which the flow asks for them.
    pub(crate) asked: Vec<Arc<str>>,
    pub(crate) instructions: Vec<Instruction>,
}

/// One thing a flow needs to know.
pub(crate) struct Slot {
    pub(crate) name: Arc<str>,
    pub(crate) title: Localised<String>,
    pub(crate) kind: SlotKind,
    pub(crate) validate: Option<Expression>,
}

/// What kind of value a slot takes.
pub(crate) enum SlotKind {
    Text,
    Number,
    YesNo,
    Choice(Vec<SlotChoice>),
    Entity(Box<str>),
    Personal(PersonalData),
}

/// One allowed value of a slot.
pub(crate) struct SlotChoice {
    pub(crate) value: String,
    /// What a button for it says.
    pub(crate) labels: Localised<String>,
    /// All words for it in any language, folded.
    pub(crate) words: Vec<String>,
}

/// One instruction. Targets are positions in the program.
pub(crate) enum Instruction {
    Say(ReplyId),
    Ask(Question),
    /// Goes on at `target` unless the condition is true.
    Unless {
        condition: Expression,
        target: usize,
    },
    Jump(usize),
    Set(Vec<Assignment>),
    Call(Box<Call>),
    Answer(Text),
    HandOver {
        reason: Arc<str>,
        reply: Option<ReplyId>,
    },
    End(Option<ReplyId>),
}

/// Asks for a slot.
pub(crate) struct Question {
    /// `FLOW/SLOT`, for decisions.
    pub(crate) step: Arc<str>,
    pub(crate) slot: Arc<str>,
    pub(crate) reply: ReplyId,
    pub(crate) retry: Option<ReplyId>,
    pub(crate) attempts: u32,
    /// Where to go on when the slot is filled.
    pub(crate) filled: usize,
    /// Where to go on when the attempts are used up; `None` hands over.
    pub(crate) exhausted: Option<usize>,
}

/// Sets a slot.
pub(crate) struct Assignment {
    pub(crate) slot: Arc<str>,
    pub(crate) value: Expression,
    /// Whether it is computed again after a correction: it depends on slots, but not on the one that it sets.
    pub(crate) follows_corrections: bool,
}

/// Calls a tool.
pub(crate) struct Call {
    /// `FLOW/POSITION`, for decisions and the idempotency key.
    pub(crate) step: Arc<str>,
    pub(crate) url: Text,
    pub(crate) method: HttpMethod,
    pub(crate) body: Vec<(String, Text)>,
    pub(crate) timeout: Duration,
    pub(crate) sign_with: Option<String>,
    pub(crate) personal_data: bool,
    pub(crate) save: Option<String>,
    /// Where to go on when it worked.
    pub(crate) worked: usize,
    /// Where to go on when it failed; `None` hands over.
    pub(crate) failed: Option<usize>,
}

impl Program {
    /// Compiles a flow. The error names the flow and its fault.
    pub(crate) fn compile(
        name: &str,
        flow: &Flow,
        replies: &mut Replies,
        templates: &mut Templates,
    ) -> Result<Self, String> {
        let mut program = Self {
            name: name.into(),
            title: flow.title.clone(),
            slots: BTreeMap::new(),
            asked: Vec::new(),
            instructions: Vec::new(),
        };
        let located = |fault: String| format!("flow `{name}`: {fault}");
        for (slot, definition) in &flow.slots {
            let kind = match definition.kind {
                SlotType::Text => SlotKind::Text,
                SlotType::Number => SlotKind::Number,
                SlotType::YesNo => SlotKind::YesNo,
                SlotType::Choice => SlotKind::Choice(choices(&definition.choices)),
                SlotType::Entity => {
                    let entity = definition.entity.as_deref();
                    SlotKind::Entity(
                        entity
                            .ok_or_else(|| located(format!("slot `{slot}` names no entity")))?
                            .into(),
                    )
                }
                SlotType::Email => SlotKind::Personal(PersonalData::Email),
                SlotType::Phone => SlotKind::Personal(PersonalData::Phone),
            };
            let validate = definition.validate.as_deref().map(Expression::compile).transpose();
            let validate = validate.map_err(|error| located(format!("slot `{slot}`: {error}")))?;
            let slot: Arc<str> = slot.as_str().into();
            program.slots.insert(
                Arc::clone(&slot),
                Slot {
                    name: slot,
                    title: definition.title.clone(),
                    kind,
                    validate,
                },
            );
        }
        Compiler {
            program: &mut program,
            replies,
            templates,
        }
        .steps(&flow.steps)
        .map_err(located)?;
        Ok(program)
    }

    /// What the customer and the team call the flow.
    pub(crate) fn title(&self, language: Language) -> &str {
        self.title.get_or_any(language).map_or(&self.name, String::as_str)
    }

    /// The question at a position, if there is one.
    pub(crate) fn question(&self, position: usize) -> Option<&Question> {
        match self.instructions.get(position) {
            Some(Instruction::Ask(question)) => Some(question),
            _ => None,
        }
    }
}

impl Slot {
    /// What the customer and the team call the slot.
    pub(crate) fn title(&self, language: Language) -> &str {
        self.title.get_or_any(language).map_or(&self.name, String::as_str)
    }
}

fn choices(definitions: &BTreeMap<String, Localised<Vec<String>>>) -> Vec<SlotChoice> {
    let choice = |(value, words): (&String, &Localised<Vec<String>>)| SlotChoice {
        value: value.clone(),
        labels: Localised {
            ja: words.ja.as_ref().and_then(|words| words.first().cloned()),
            en: words.en.as_ref().and_then(|words| words.first().cloned()),
        },
        words: words
            .iter()
            .flat_map(|(_, words)| words)
            .chain([value])
            .map(|word| fold(word))
            .filter(|word| !word.is_empty())
            .collect(),
    };
    definitions.iter().map(choice).collect()
}

struct Compiler<'a> {
    program: &'a mut Program,
    replies: &'a mut Replies,
    templates: &'a mut Templates,
}

impl Compiler<'_> {
    fn steps(&mut self, steps: &[Step]) -> Result<(), String> {
        steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let fault = |error: minijinja::Error| error.to_string();
        match step {
            Step::Say(reply) => {
                let reply = self.reply(reply)?;
                self.emit(Instruction::Say(reply));
            }
            Step::Ask(ask) => self.ask(ask)?,
            Step::When(when) => {
                let condition = Expression::compile(&when.condition).map_err(fault)?;
                let start = self.emit(Instruction::Jump(0));
                self.steps(&when.then)?;
                let end_of_then = if when.otherwise.is_empty() {
                    None
                } else {
                    Some(self.emit(Instruction::Jump(0)))
                };
                self.program.instructions[start] = Instruction::Unless {
                    condition,
                    target: self.here(),
                };
                if let Some(end_of_then) = end_of_then {
                    self.steps(&when.otherwise)?;
                    self.program.instructions[end_of_then] = Instruction::Jump(self.here());
                }
            }
            Step::Set(values) => {
                let assignments = values
                    .iter()
                    .map(|(slot, value)| assignment(slot, value).map_err(fault))
                    .collect::<Result<_, _>>()?;
                self.emit(Instruction::Set(assignments));
            }
            Step::Call(call) => self.call(call)?,
            Step::Answer(question) => {
                let question = self.templates.compile(question).map_err(fault)?;
                self.emit(Instruction::Answer(question));
            }
            Step::Handover(handover) => {
                let reply = handover.reply.as_deref().map(|reply| self.reply(reply)).transpose()?;
                self.emit(Instruction::HandOver {
                    reason: handover.reason.as_str().into(),
                    reply,
                });
            }
            Step::End(reply) => {
                let reply = reply.as_deref().map(|reply| self.reply(reply)).transpose()?;
                self.emit(Instruction::End(reply));
            }
        }
        Ok(())
    }

    fn ask(&mut self, ask: &AskStep) -> Result<(), String> {
        let Some(slot) = self
            .program
            .slots
            .get(ask.slot.as_str())
            .map(|slot| Arc::clone(&slot.name))
        else {
            return Err(format!("there is no slot `{}`", ask.slot));
        };
        if !self.program.asked.contains(&slot) {
            self.program.asked.push(Arc::clone(&slot));
        }
        let mut question = Question {
            step: format!("{}/{slot}", self.program.name).into(),
            slot,
            reply: self.reply(&ask.reply)?,
            retry: ask.retry.as_deref().map(|reply| self.reply(reply)).transpose()?,
            attempts: ask.attempts,
            filled: 0,
            exhausted: None,
        };
        let start = self.emit(Instruction::Jump(0));
        question.exhausted = self.otherwise(&ask.otherwise)?;
        question.filled = self.here();
        self.program.instructions[start] = Instruction::Ask(question);
        Ok(())
    }

    fn call(&mut self, call: &CallStep) -> Result<(), String> {
        let fault = |error: minijinja::Error| error.to_string();
        let body = call
            .body
            .iter()
            .map(|(field, value)| Ok((field.clone(), self.templates.compile(value).map_err(fault)?)));
        let body = body.collect::<Result<_, String>>()?;
        let mut compiled = Call {
            step: format!("{}/{}", self.program.name, self.here()).into(),
            url: self.templates.compile_address(&call.url).map_err(fault)?,
            method: call.method,
            body,
            timeout: Duration::from_millis(call.timeout_ms.into()),
            sign_with: call.sign_with.clone(),
            personal_data: call.personal_data,
            save: call.save.clone(),
            worked: 0,
            failed: None,
        };
        let start = self.emit(Instruction::Jump(0));
        compiled.failed = self.otherwise(&call.otherwise)?;
        compiled.worked = self.here();
        self.program.instructions[start] = Instruction::Call(Box::new(compiled));
        Ok(())
    }

    /// Lays steps out right here, for the case that the instruction before them fails. `None` if there are none.
    fn otherwise(&mut self, steps: &[Step]) -> Result<Option<usize>, String> {
        let start = self.here();
        self.steps(steps)?;
        Ok((!steps.is_empty()).then_some(start))
    }

    fn reply(&mut self, name: &str) -> Result<ReplyId, String> {
        self.replies.resolve(name, self.templates)
    }

    fn here(&self) -> usize {
        self.program.instructions.len()
    }

    fn emit(&mut self, instruction: Instruction) -> usize {
        self.program.instructions.push(instruction);
        self.here() - 1
    }
}

fn assignment(slot: &str, value: &str) -> Result<Assignment, minijinja::Error> {
    let value = Expression::compile(value)?;
    let reads: Vec<String> = value.reads().collect();
    let itself = format!("slots.{slot}");
    let reads_slots = reads
        .iter()
        .any(|read| read == "slots" || read.starts_with("slots.") || read.starts_with("result"));
    let reads_itself = reads.iter().any(|read| *read == itself || read == "slots");
    Ok(Assignment {
        slot: slot.into(),
        value,
        follows_corrections: reads_slots && !reads_itself,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compile(flow: serde_json::Value) -> Result<Program, String> {
        let mut templates = Templates::new();
        let mut replies = Replies::compile([], &mut templates).unwrap();
        Program::compile(
            "f",
            &serde_json::from_value(flow).unwrap(),
            &mut replies,
            &mut templates,
        )
    }

    #[test]
    fn nested_steps_become_forward_jumps() {
        let program = compile(json!({"title": {}, "slots": {"a": {"type": "text"}}, "steps": [
            {"when": {"if": "slots.a", "then": [{"say": "sorry"}], "else": [{"say": "cancelled"}, {"say": "sorry"}]}},
            {"ask": {"slot": "a", "reply": "sorry", "otherwise": [{"end": null}]}},
            {"say": "sorry"},
        ]}))
        .unwrap();
        let targets: Vec<String> = program
            .instructions
            .iter()
            .map(|instruction| match instruction {
                Instruction::Unless { target, .. } => format!("unless {target}"),
                Instruction::Jump(target) => format!("jump {target}"),
                Instruction::Ask(question) => format!("ask {} {:?}", question.filled, question.exhausted),
                Instruction::Say(_) => "say".into(),
                Instruction::End(_) => "end".into(),
                _ => "other".into(),
            })
            .collect();
        assert_eq!(
            targets,
            ["unless 3", "say", "jump 5", "say", "say", "ask 7 Some(6)", "end", "say"]
        );
    }

    #[test]
    fn faults_name_the_flow_and_what_is_missing() {
        for (steps, fault) in [
            (json!([{"say": "nope"}]), "there is no reply `nope`"),
            (
                json!([{"ask": {"slot": "b", "reply": "sorry"}}]),
                "there is no slot `b`",
            ),
            (json!([{"when": {"if": "1 +", "then": []}}]), "syntax error"),
        ] {
            let error = compile(json!({"title": {}, "steps": steps})).map(|_| ()).unwrap_err();
            assert!(error.contains("flow `f`") && error.contains(fault), "{error}");
        }
    }

    #[test]
    fn constants_and_counters_do_not_follow_corrections() {
        for (value, follows) in [
            ("2", false),
            ("slots.b * 2", true),
            ("slots.a + 1", false),
            ("bot.phone", false),
            ("result.x.price", true),
        ] {
            assert_eq!(assignment("a", value).unwrap().follows_corrections, follows, "{value}");
        }
    }
}
