use std::fmt;

macro_rules! codes {
    ($($variant:ident = $name:literal, $meaning:literal, $cure:literal;)*) => {
        /// The closed list of problems in what a person wrote that have a name of their own, for scripts and for looking them up. The
        /// name never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl ProblemCode {
            /// All codes, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name, as problems are printed with it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it means, in lower case, without a full stop.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }

            /// How to mend it as a rule, in lower case, without a full stop.
            pub const fn cure(self) -> &'static str {
                match self { $(Self::$variant => $cure),* }
            }
        }
    };
}

codes! {
    FileUnreadable = "file_unreadable",
        "the file can't be opened or read", "check that it exists and that this user may read it";
    FileIsFolder = "file_is_folder",
        "a file is wanted, and this is a folder", "name the files in it";
    FileTooLarge = "file_too_large",
        "the file has too many bytes; it was not read", "cut it into parts, one for each subject";
    FileKindUnknown = "file_kind_unknown",
        "no article can be made of such a file", "save it as Markdown (`.md`), HTML (`.html`), PDF (`.pdf`) or plain text (`.txt`)";
    FileEmpty = "file_empty",
        "there is no text in the file", "leave it out, or save it with its text";
    TextEncodingUnknown = "text_encoding_unknown",
        "the bytes of the file are no text in UTF-8, and nothing says in which other encoding they are", "save it in UTF-8";
    HtmlUnreadable = "html_unreadable",
        "the page can't be read", "save it as plain text instead";
    PdfInvalid = "pdf_invalid",
        "the content of the file is no PDF, or is too broken to be read", "open it in a PDF viewer and save it anew, or export it once more";
    PdfEncrypted = "pdf_encrypted",
        "the PDF is locked with a password", "save a copy without password";
    PdfWithoutText = "pdf_without_text",
        "the PDF has pictures of pages and no text, like a scan", "run text recognition (OCR) on it first, for example `ocrmypdf`";
    PdfCharactersUnknown = "pdf_characters_unknown",
        "the PDF does not say which characters its glyphs stand for", "export it once more with embedded fonts, or run text recognition (OCR) on it";
    PdfTooManyPages = "pdf_too_many_pages",
        "the PDF has too many pages", "cut it into parts, one for each subject";
    PdfTooCostly = "pdf_too_costly",
        "reading the PDF took too much time or memory and was given up", "save it anew with a PDF viewer, or cut it into parts";
    ArticleExists = "article_exists",
        "the article is in the bundle already", "remove that article, or give the file another name";
    ArticleNameTaken = "article_name_taken",
        "two files make the same article", "rename one of the two";
    ArticleHasHead = "article_has_head",
        "the file is an article already", "copy it into the folder `knowledge` of the bundle";
    PricesInvalid = "prices_invalid",
        "the price list can't be used", "write prices as whole millionths of a dollar a million tokens, 0 or more: 0.15 dollars are 150000";
    ToolSchemaInvalid = "tool_schema_invalid",
        "the arguments of a tool are not described by a JSON Schema of an object", "write `type: object` with `properties`";
    ToolAddressUnsafe = "tool_address_unsafe",
        "a tool's address is neither `https` nor on this machine", "write an address that begins with `https://`";
    PromptInvalid = "prompt_invalid",
        "a prompt is no template that can be read", "write a hole as `{{ bot.title }}`, a condition as `{% if … %}…{% endif %}`";
    PromptNameUnknown = "prompt_name_unknown",
        "a prompt uses a name that prompts do not have", "use a name that the reference of bundles lists";
}

impl ProblemCode {
    /// The reference of all codes as Markdown, a part of `docs/reference/errors.md`.
    pub fn reference() -> String {
        let mut page = String::from(
            "## Files, bundles and settings\n\n\
             What `nakai knowledge add`, `nakai bot check` and `nakai config check` find wrong in files is told all at once, each with place, \
             reason and cure,\nand ends with status 64. Some problems have a code, in brackets: `menu.pdf: error[pdf_encrypted]: …`.\n\n\
             | code | meaning | what to do |\n|---|---|---|\n",
        );
        for code in Self::ALL {
            page.push_str(&format!(
                "| `{code}` | {} | {}. |\n",
                code.meaning(),
                capitalised(code.cure())
            ));
        }
        page
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_a_row_in_the_reference() {
        let names: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ProblemCode::ALL.len());
        let page = ProblemCode::reference();
        assert!(names.iter().all(|name| page.contains(&format!("| `{name}` |"))));
    }
}
