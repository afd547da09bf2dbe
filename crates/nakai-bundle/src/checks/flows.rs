use std::collections::BTreeSet;

use nakai_config::{Problems, did_you_mean};

use super::{
    check_identifier, check_said_in_every_language, name_of,
    names::Names,
    templates::{IN_VALIDATION, Templates, USUAL},
};
use crate::model::{AskStep, CallStep, Flow, FlowsFile, HttpMethod, SlotDefinition, SlotType, Step};

/// Checks one `flows/*.yaml`.
pub(super) fn check(file: &FlowsFile, names: &Names<'_>, templates: &Templates<'_>, problems: &mut Problems) {
    for (name, flow) in &file.flows {
        let key = format!("flows.{name}");
        check_said_in_every_language(&flow.title, names, &format!("{key}.title"), problems);
        if !names.started_flows.may_have(name) {
            problems.warn(
                &key,
                "no intent starts this flow",
                format!("add an intent with `flow: {name}`, or remove it"),
            );
        }
        let mut check = FlowCheck {
            flow,
            names,
            templates,
            problems,
        };
        for (name, slot) in &flow.slots {
            check.slot(name, slot, &format!("{key}.slots.{name}"));
        }
        if flow.steps.is_empty() {
            check.problems.error(
                format!("{key}.steps"),
                "the flow has no steps",
                "add what happens, in order",
            );
        }
        check.steps(&flow.steps, &format!("{key}.steps"));
    }
}

struct FlowCheck<'a> {
    flow: &'a Flow,
    names: &'a Names<'a>,
    templates: &'a Templates<'a>,
    problems: &'a mut Problems,
}

impl FlowCheck<'_> {
    fn slot(&mut self, name: &str, slot: &SlotDefinition, key: &str) {
        check_identifier(name, key, self.problems);
        match (slot.kind, &slot.entity) {
            (SlotType::Entity, Some(entity)) => {
                self.names
                    .entities
                    .require(entity, format!("{key}.entity"), self.problems);
            }
            (SlotType::Entity, None) => {
                self.problems
                    .error(key, "the slot takes an entity, and none is named", "add `entity:`");
            }
            (_, Some(_)) => {
                self.problems.error(
                    format!("{key}.entity"),
                    "only a slot with `type: entity` has an entity",
                    "change the type, or remove it",
                );
            }
            (_, None) => {}
        }
        match (slot.kind, slot.choices.is_empty()) {
            (SlotType::Choice, true) => {
                self.problems
                    .error(key, "the slot takes a choice, and there are none", "add `choices:`");
            }
            (SlotType::Choice, false) => self.choices(slot, key),
            (_, false) => self.problems.error(
                format!("{key}.choices"),
                "only a slot with `type: choice` has choices",
                "change the type, or remove them; a question can offer buttons as `choices` of its reply",
            ),
            (_, true) => {}
        }
        if let Some(expression) = &slot.validate {
            self.templates
                .expression(expression, IN_VALIDATION, &format!("{key}.validate"), self.problems);
        }
    }

    fn choices(&mut self, slot: &SlotDefinition, key: &str) {
        for (value, words) in &slot.choices {
            for language in self.names.languages.iter().copied() {
                if words.get(language).is_none_or(Vec::is_empty) {
                    let what = format!("the choice has no words in {}", name_of(language));
                    self.problems.error(
                        format!("{key}.choices.{value}"),
                        what,
                        format!("add `{language}: […]`, the button's text first"),
                    );
                }
            }
        }
    }

    fn steps(&mut self, steps: &[Step], key: &str) {
        for (index, step) in steps.iter().enumerate() {
            let key = format!("{key}[{index}]");
            if index > 0 && always_ends(&steps[index - 1]) {
                self.problems.warn(
                    &key,
                    "the step is never reached, because the flow ends before it",
                    "remove it, or move it up",
                );
            }
            self.step(step, &key);
        }
    }

    fn step(&mut self, step: &Step, key: &str) {
        match step {
            Step::Say(reply) => self.names.replies.require(reply, format!("{key}.say"), self.problems),
            Step::Ask(ask) => self.ask(ask, &format!("{key}.ask")),
            Step::When(when) => {
                let key = format!("{key}.when");
                self.templates
                    .expression(&when.condition, USUAL, &format!("{key}.if"), self.problems);
                if when.then.is_empty() {
                    self.problems.error(
                        format!("{key}.then"),
                        "there are no steps",
                        "add some, or turn the condition round",
                    );
                }
                self.steps(&when.then, &format!("{key}.then"));
                self.steps(&when.otherwise, &format!("{key}.else"));
            }
            Step::Set(values) => {
                for (slot, expression) in values {
                    let key = format!("{key}.set.{slot}");
                    self.declared(slot, &key);
                    self.templates.expression(expression, USUAL, &key, self.problems);
                }
            }
            Step::Call(call) => self.call(call, &format!("{key}.call")),
            Step::Answer(question) => self
                .templates
                .template(question, USUAL, &format!("{key}.answer"), self.problems),
            Step::Handover(handover) => {
                let key = format!("{key}.handover");
                if handover.reason.trim().is_empty() {
                    self.problems.error(
                        format!("{key}.reason"),
                        "the reason is blank",
                        "give it in one word, such as `complaint`",
                    );
                }
                if let Some(reply) = &handover.reply {
                    self.names.replies.require(reply, format!("{key}.reply"), self.problems);
                }
            }
            Step::End(reply) => {
                if let Some(reply) = reply {
                    self.names.replies.require(reply, format!("{key}.end"), self.problems);
                }
            }
        }
    }

    fn ask(&mut self, ask: &AskStep, key: &str) {
        self.declared(&ask.slot, &format!("{key}.slot"));
        self.names
            .replies
            .require(&ask.reply, format!("{key}.reply"), self.problems);
        if let Some(reply) = &ask.retry {
            self.names.replies.require(reply, format!("{key}.retry"), self.problems);
        }
        if ask.attempts == 0 {
            self.problems.error(
                format!("{key}.attempts"),
                "nobody could ever answer",
                "allow at least one attempt",
            );
        }
        self.steps(&ask.otherwise, &format!("{key}.otherwise"));
    }

    fn call(&mut self, call: &CallStep, key: &str) {
        let address = format!("{key}.url");
        self.templates.template(&call.url, USUAL, &address, self.problems);
        if !is_safe_address(&call.url) {
            self.problems.error(
                address,
                "the address is neither `https` nor `http` on this machine, or its host is not written out",
                "write it like `https://tools.example.com/bookings/{{ slots.number }}`",
            );
        }
        for (field, text) in &call.body {
            self.templates
                .template(text, USUAL, &format!("{key}.body.{field}"), self.problems);
        }
        if !call.body.is_empty() && matches!(call.method, HttpMethod::Get | HttpMethod::Delete) {
            self.problems.error(
                format!("{key}.body"),
                "a body is sent with POST, PUT and PATCH only",
                "change the method, or remove it",
            );
        }
        if let Some(variable) = &call.sign_with
            && !is_variable_name(variable)
        {
            self.problems.error(
                format!("{key}.sign_with"),
                "this is no name of an environment variable",
                "name the variable that holds the key, like `BOOKING_KEY`; the key itself does not belong in a bundle",
            );
        }
        if let Some(name) = &call.save {
            check_identifier(name, &format!("{key}.save"), self.problems);
        }
        self.steps(&call.otherwise, &format!("{key}.otherwise"));
    }

    fn declared(&mut self, slot: &str, key: &str) {
        if !self.flow.slots.contains_key(slot) {
            let declared: BTreeSet<&str> = self.flow.slots.keys().map(String::as_str).collect();
            let cure = match did_you_mean(slot, declared) {
                cure if cure.starts_with("did you mean") => cure,
                _ => "add it to the `slots` of the flow".into(),
            };
            self.problems.error(key, format!("the flow has no slot `{slot}`"), cure);
        }
    }
}

/// Says whether a text can be the name of an environment variable.
pub(super) fn is_variable_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Says whether the flow has ended after a step, whichever way it goes.
fn always_ends(step: &Step) -> bool {
    let ends = |steps: &[Step]| steps.iter().any(always_ends);
    match step {
        Step::End(_) | Step::Handover(_) => true,
        Step::When(when) => ends(&when.then) && ends(&when.otherwise),
        Step::Say(_) | Step::Ask(_) | Step::Set(_) | Step::Call(_) | Step::Answer(_) => false,
    }
}

/// Says whether an address leads to a host that is written out, over TLS unless it is this machine.
pub(super) fn is_safe_address(url: &str) -> bool {
    let fixed = url.split("{{").next().unwrap_or_default();
    let Some((scheme, rest)) = fixed.split_once("://") else {
        return false;
    };
    let Some(end) = rest
        .find(['/', '?', '#'])
        .or_else(|| (fixed.len() == url.len()).then_some(rest.len()))
    else {
        return false;
    };
    let authority = &rest[..end];
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) if !authority.ends_with(']') => return false,
        _ => authority,
    };
    let is_plain = |host: &str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    };
    let is_bracketed = host.starts_with('[')
        && host.ends_with(']')
        && host[1..host.len() - 1]
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b':');
    match scheme {
        "https" => is_plain(host) || is_bracketed,
        "http" => {
            matches!(host, "localhost" | "[::1]")
                || host
                    .parse::<std::net::Ipv4Addr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_called_over_tls_or_on_this_machine_at_a_host_that_is_written_out() {
        for url in [
            "https://tools.example.com",
            "https://tools.example.com:8443/a?b={{ slots.b }}",
            "https://[2001:db8::1]/x",
            "http://localhost:8080/x",
            "http://127.0.0.1/{{ slots.a }}",
            "http://[::1]:1/",
        ] {
            assert!(is_safe_address(url), "{url}");
        }
        for url in [
            "",
            "tools.example.com",
            "http://tools.example.com/",
            "https://{{ slots.host }}/x",
            "https://tools.{{ slots.host }}/x",
            "https://tools.example.com{{ slots.port }}/x",
            "https://user@tools.example.com/",
            "https:///x",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "ftp://localhost/",
            "https://tools.example.com:x/",
            "{{ bot.api }}/x",
        ] {
            assert!(!is_safe_address(url), "{url}");
        }
    }
}
