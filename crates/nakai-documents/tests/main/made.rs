/// A PDF that is written by hand, one content stream a page, with Helvetica as `/F1`.
pub(crate) struct Made {
    pages: Vec<String>,
    pub(crate) font: String,
}

impl Made {
    pub(crate) fn pages(contents: &[&str]) -> Self {
        Self {
            pages: contents.iter().map(ToString::to_string).collect(),
            font: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let kids: Vec<String> = (0..self.pages.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            format!("<< /Type /Pages /Count {} /Kids [{}] >>", kids.len(), kids.join(" ")),
            self.font.clone(),
        ];
        for (at, content) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
                5 + 2 * at
            ));
            objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
        }
        let mut text = String::from("%PDF-1.7\n");
        let mut places = Vec::new();
        for (number, object) in (1..).zip(&objects) {
            places.push(text.len());
            text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
        }
        let table = text.len();
        text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1));
        for place in &places {
            text.push_str(&format!("{place:010} 00000 n \n"));
        }
        text.push_str(&format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            places.len() + 1
        ));
        text.into_bytes()
    }
}
