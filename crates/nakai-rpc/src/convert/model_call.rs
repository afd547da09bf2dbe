use std::borrow::Cow;

use nakai_types::ModelCall;

use crate::proto;

pub(crate) fn model_call_to_proto(call: ModelCall) -> proto::ModelCall {
    proto::ModelCall {
        model: call.model.to_string(),
        purpose: call.purpose.into_owned(),
        input_tokens: call.input_tokens,
        cached_input_tokens: call.cached_input_tokens,
        output_tokens: call.output_tokens,
        reasoning_tokens: call.reasoning_tokens,
        cost_micros: call.cost_micros,
        estimated: call.estimated,
        micros: call.micros,
        first_token_micros: call.first_token_micros,
        failure: call.failure.map(Cow::into_owned),
    }
}

pub(crate) fn model_call_from_proto(call: proto::ModelCall) -> ModelCall {
    ModelCall {
        model: call.model.into(),
        purpose: call.purpose.into(),
        input_tokens: call.input_tokens,
        cached_input_tokens: call.cached_input_tokens,
        output_tokens: call.output_tokens,
        reasoning_tokens: call.reasoning_tokens,
        cost_micros: call.cost_micros,
        estimated: call.estimated,
        micros: call.micros,
        first_token_micros: call.first_token_micros,
        failure: call.failure.map(Cow::Owned),
    }
}
