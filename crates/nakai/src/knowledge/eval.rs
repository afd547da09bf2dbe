use std::time::{Duration, Instant};

use anyhow::Result;
use nakai_evaluation::{
    answers::{self, AnswerReport, Answered, Question},
    read, retrieval,
};
use nakai_knowledge::{Engine, EngineKind};
use nakai_ports::KnowledgeQuery;
use nakai_types::Screened;

use super::engines;
use crate::{cli::KnowledgeEval, output::print, serve::bots};

/// No question of a measurement takes as long.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) async fn run(kind: EngineKind, knowledge: &dyn Engine, options: &KnowledgeEval) -> Result<()> {
    if let (Some(corpus), Some(queries)) = (&options.corpus, &options.queries) {
        if kind == EngineKind::Embedded {
            return print(&retrieval::evaluate(corpus, queries)?, options.json);
        }
        return print(&engines::compare(knowledge, corpus, queries).await?, options.json);
    }
    let mut questions = if options.questions.is_empty() {
        answers::shipped()?
    } else {
        let mut questions = Vec::new();
        for file in &options.questions {
            questions.append(&mut answers::read_questions(&file.to_string_lossy(), &read(file)?)?);
        }
        questions
    };
    if options.within {
        questions.retain(|question| question.article.is_some());
    }
    let bundle = bots::load(options.bot.as_ref())?.bundle;
    knowledge.index(&bundle.bot_ref, bundle.knowledge_base()).await?;
    // An intent that names its article is answered from it, however sure the search is.
    let threshold = if options.within {
        0.0
    } else {
        bundle.bot.thresholds.passage
    };
    let mut answered = Vec::with_capacity(questions.len());
    for question in questions {
        let query = KnowledgeQuery {
            bot: bundle.bot_ref.clone(),
            question: Screened::ours(question.text.clone()),
            language: Some(question.language),
            audience: "public".to_owned(),
            article: question.article.clone().filter(|_| options.within),
            limit: 1,
            deadline: Instant::now() + LIMIT,
        };
        let found = knowledge.search(&query).await?.into_iter().next();
        let answer = found.as_ref().filter(|found| found.confidence >= threshold);
        let outcome = question.judge(answer.map(|found| (found.passage.article.as_str(), found.answer())));
        let Question {
            half, text, language, ..
        } = question;
        answered.push(Answered {
            question: text,
            half,
            language,
            outcome,
            confidence: found.as_ref().map_or(0.0, |found| found.confidence),
            found: found.map(|found| found.passage.article.clone()),
        });
    }
    let mut report = AnswerReport::of(threshold, answered);
    report.lists_failures = options.failures;
    print(&report, options.json)
}
