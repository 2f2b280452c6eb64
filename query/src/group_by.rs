//! Group-bys in a few words, as SQL.

use crate::error::QueryError;

/// Aggregates that take a column, with what they are in SQL.
const OF_COLUMN: [(&str, &str); 6] =
    [("mean", "avg"), ("median", "median"), ("sd", "stddev"), ("min", "min"), ("max", "max"), ("sum", "sum")];

/// What is counted, per what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBy {
    /// The table asked.
    pub table: String,
    /// The columns that make the groups.
    pub by: Vec<String>,
    /// Each aggregate as it was written, and as SQL.
    aggregates: Vec<(String, String)>,
    /// Which rows count, as a condition in SQL; all when None.
    pub only: Option<String>,
}

impl GroupBy {
    /// Reads a group-by of `table`.
    ///
    /// - `by`: columns, separated by commas.
    /// - `aggregates`: `count`, `mean(column)`, `median`, `sd`, `min`, `max`, `sum`, or `p90(column)` for the
    ///   90 % quantile and so on, separated by commas. The sample standard deviation is over n − 1. A null
    ///   counts in `count` only.
    /// - `only`: a condition in SQL for the rows that count.
    ///
    /// # Errors
    /// [`QueryError::GroupBy`] for an empty list, a name given twice, or an aggregate that is not one.
    pub fn parse(table: &str, by: &str, aggregates: &str, only: Option<&str>) -> Result<Self, QueryError> {
        let by = listed("group-by", by)?;
        let written = listed("agg", aggregates)?;
        let aggregates = written
            .into_iter()
            .map(|word| Ok((word.clone(), aggregate(&word)?)))
            .collect::<Result<Vec<_>, QueryError>>()?;
        Ok(Self { table: table.to_owned(), by, aggregates, only: only.map(str::to_owned) })
    }

    /// The same as SQL.
    #[must_use]
    pub fn to_sql(&self) -> String {
        let by: Vec<String> = self.by.iter().map(|name| quoted(name)).collect();
        let aggregates = self.aggregates.iter().map(|(name, sql)| format!("{sql} as {}", quoted(name)));
        let selected: Vec<String> = by.iter().cloned().chain(aggregates).collect();
        let only = self.only.as_ref().map_or_else(String::new, |only| format!(" where ({only})"));
        let (selected, by) = (selected.join(", "), by.join(", "));
        format!("select {selected} from {}{only} group by {by}", quoted(&self.table))
    }
}

fn listed(flag: &'static str, text: &str) -> Result<Vec<String>, QueryError> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    let wrong = |value: &str, limit: &str| {
        Err(QueryError::GroupBy { flag, value: format!("`{value}`"), limit: limit.to_owned() })
    };
    if names.iter().any(String::is_empty) {
        return wrong(text, "names separated by commas, none of them empty");
    }
    match names.iter().enumerate().find(|(n, name)| names[..*n].contains(name)) {
        Some((_, twice)) => wrong(twice, "each is named once"),
        None => Ok(names),
    }
}

fn aggregate(word: &str) -> Result<String, QueryError> {
    if word == "count" {
        return Ok("count(*)".to_owned());
    }
    let called = word.strip_suffix(')').and_then(|word| word.split_once('('));
    let sql = called.and_then(|(name, column)| {
        let column = Some(column.trim()).filter(|column| !column.is_empty()).map(quoted)?;
        let known = OF_COLUMN.iter().find(|(known, _)| *known == name.trim());
        let percent = || name.trim().strip_prefix('p')?.parse::<u32>().ok().filter(|p| (1..100).contains(p));
        match known {
            Some((_, sql)) => Some(format!("{sql}({column})")),
            None => Some(format!("quantile_cont({column}, {})", f64::from(percent()?) / 100.0)),
        }
    });
    sql.ok_or_else(|| {
        let names: Vec<String> = OF_COLUMN.iter().map(|(name, _)| format!("{name}(column)")).collect();
        QueryError::GroupBy {
            flag: "agg",
            value: format!("`{word}`"),
            limit: format!("aggregates are count, {}, and p1(column) to p99(column)", names.join(", ")),
        }
    })
}

/// A name in SQL, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_become_sql() {
        let asked = GroupBy::parse("scores", "metric, arm", "mean(value),p90(value),count", Some("seed = 1"));
        assert_eq!(
            asked.expect("well-formed").to_sql(),
            "select \"metric\", \"arm\", avg(\"value\") as \"mean(value)\", quantile_cont(\"value\", 0.9) as \
             \"p90(value)\", count(*) as \"count\" from \"scores\" where (seed = 1) group by \"metric\", \"arm\""
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let said = |by: &str, agg: &str| GroupBy::parse("t", by, agg, None).expect_err("wrong").to_string();
        assert!(said("", "count").contains("in --group-by"));
        assert!(said("a,a", "count").contains("`a` in --group-by: each is named once"));
        for wrong in ["mean", "mean()", "mode(x)", "p0(x)", "p100(x)", "count(x", "pp(x)"] {
            assert!(
                said("a", wrong).contains(&format!("`{wrong}` in --agg: aggregates are count, mean(")),
                "{wrong}"
            );
        }
    }
}
