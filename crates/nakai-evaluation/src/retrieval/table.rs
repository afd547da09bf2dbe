use std::fmt;

use super::{ModeReport, RetrievalReport};

impl fmt::Display for RetrievalReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} questions about {} passages; the index takes {} bytes\n",
            self.questions, self.passages, self.index_bytes
        )?;
        writeln!(
            f,
            "recall at n: the right passage is among the first n; MRR: the mean of 1 / its place; nDCG: of the first ten;"
        )?;
        writeln!(
            f,
            "ECE: mean distance of confidence from how often the first passage is right; µs: CPU time of a question\n"
        )?;
        writeln!(
            f,
            "{:<8}{:>10}{:>10}{:>11}{:>8}{:>9}{:>8}{:>9}",
            "", "recall@1", "recall@5", "recall@10", "MRR", "nDCG@10", "ECE", "µs"
        )?;
        let ways = [
            ("text", self.text, "by words"),
            ("vector", self.vector, "by meaning"),
            ("fused", self.fused, "by both"),
        ];
        for (name, mode, what) in ways {
            let ModeReport {
                recall_at_1,
                recall_at_5,
                recall_at_10,
                mrr,
                ndcg_at_10,
                calibration_error,
                cpu_us_per_query,
            } = mode;
            write!(
                f,
                "{name:<8}{recall_at_1:>10.4}{recall_at_5:>10.4}{recall_at_10:>11.4}{mrr:>8.4}{ndcg_at_10:>9.4}"
            )?;
            writeln!(f, "{calibration_error:>8.4}{cpu_us_per_query:>9.0}  {what}")?;
        }
        Ok(())
    }
}
