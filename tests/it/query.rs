//! Questions over run folders: `docs/query.md` shows what the command answers, and files open elsewhere.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{copied_repository, repository, sim_ends};

/// What is asked, and of which folder.
const QUESTIONS: [(&str, &str, &str); 5] = [
    (
        "How far off was each predictor, one and two minutes before first crack?",
        "out/first",
        "select arm, lead_s, value as error_s, missing
from scores
where metric = 'first_crack.error' and lead_s in (60, 120)
order by arm, lead_s",
    ),
    (
        "How did the roast go, minute by minute?",
        "out/first",
        "select cast(floor(since_charge_s / 60) as int) as minute, avg(bt_c) as bt_c,
       avg(bt_ror_c_per_min) as ror_c_per_min, avg(gas_pct) as gas_pct
from telemetry
where since_charge_s >= 0
group by minute
order by minute",
    ),
    (
        "How far behind the beans is their probe? Readings beside the truth that only the simulator knows.",
        "out/first",
        "select cast(floor(t.since_charge_s / 120) as int) * 2 as from_minute,
       avg(r.bt_c) as read_c, avg(t.bean_mean_c) as true_c, avg(r.bt_c - t.bean_mean_c) as off_c
from telemetry r
join truth t on r.t_us = t.t_us
where t.since_charge_s >= 0 and t.bean_mean_c is not null and t.beans_in = 'drum'
group by from_minute
order by from_minute",
    ),
    (
        "Which cases is the candidate farthest off at, two minutes before first crack?",
        "out/eval",
        "select \"case\", count(*) as roasts, avg(abs(value)) as mae_s, max(abs(value)) as worst_s
from scores
where arm = 'slope90' and metric = 'first_crack.error' and lead_s = 120 and value is not null
group by \"case\"
order by mae_s desc
limit 5",
    ),
    (
        "What stands in the way of a promotion?",
        "out/eval",
        "select gate, label, observed, \"limit\", unit
from gates
where label <> 'pass'
order by gate",
    ),
];

/// What comes before the questions on the page.
const BEFORE: &str = "# Questions

`sim query DIR --sql QUESTION` asks the tables of one run folder or more: any SELECT that Polars knows, on tables by the name of
their file. [Tables](tables.md) says what their columns hold. The answers below are printed by the commands beside them; the page
is made by `TRIER_BLESS=1 cargo test -p trier --test it query`, and the same test fails when an answer differs.

```sh
sim run scenarios/first-roast.toml --out out/first
sim eval golden/first.toml --candidate slope90 --baseline artisan --out out/eval
```
";

/// What comes after them.
const AFTER: &str = "
## Elsewhere

Tables are Parquet files and open as they are. An answer is written to a file whose ending says its format: `.parquet`, `.arrow`
(Arrow's file format, also called Feather) or `.csv`. A table as it is, in another format:

```sh
sim query out/first --sql 'select * from scores' --out scores.arrow
sim query out/first --sql 'select * from scores' --out scores.csv
```

| reads | Parquet | Arrow |
|---|---|---|
| DuckDB | `from 'out/first/scores.parquet'` | in Python: `duckdb.from_arrow(pyarrow.feather.read_table('scores.arrow'))` |
| pandas | `pd.read_parquet('out/first/scores.parquet')` | `pd.read_feather('scores.arrow')` |
| Polars | `pl.read_parquet('out/first/scores.parquet')` | `pl.read_ipc('scores.arrow')` |

`.ci/read_tables.py` opens every table of four run folders in pyarrow and DuckDB and compares them value by value, and an Arrow file likewise.
";

/// What `sim query` prints.
fn answered(root: &Path, folder: &str, more: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sim"))
        .args(["query", folder])
        .args(more)
        .current_dir(root)
        .output()
        .expect("the built binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code().expect("it ends by itself"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_page_of_questions_shows_their_answers() {
    let root = copied_repository();
    sim_ends(root.path(), "run scenarios/first-roast.toml --out out/first", 0);
    sim_ends(root.path(), "eval golden/first.toml --candidate slope90 --baseline artisan --out out/eval", 4);
    let mut page = BEFORE.to_owned();
    for (what, folder, sql) in QUESTIONS {
        let (code, said, error) = answered(root.path(), folder, &["--sql", sql]);
        assert_eq!((code, error.as_str()), (0, ""), "{sql}");
        assert!(said.lines().count() > 2, "no row answers: {sql}");
        // In single quotes a quote of SQL would end the shell's.
        write!(page, "\n## {what}\n\n```sh\nsim query {folder} --sql \"$(cat <<'SQL'\n{sql}\nSQL\n)\"\n```\n\n```text\n{}\n```\n", said.trim_end())
            .expect("to memory");
    }
    page += AFTER;
    let path = repository().join("docs/query.md");
    if std::env::var_os("TRIER_BLESS").is_some() {
        fs::write(&path, &page).expect("writable");
    }
    let written = fs::read_to_string(&path).expect("docs/query.md");
    assert!(written == page, "docs/query.md differs from what is answered; bless it, see its first lines");
}

#[test]
fn an_answer_goes_to_a_file_of_the_format_that_its_name_says() {
    let root = copied_repository();
    sim_ends(root.path(), "run scenarios/first-roast.toml --out out/first", 0);
    let sql = "select kind, since_charge_s from marks order by t_us";
    let (_, printed, _) = answered(root.path(), "out/first", &["--sql", sql, "--csv"]);
    let (code, _, _) = answered(root.path(), "out/first", &["--sql", sql, "--out", "marks.csv"]);
    assert_eq!((code, fs::read_to_string(root.path().join("marks.csv")).expect("written")), (0, printed));
    answered(root.path(), "out/first", &["--sql", sql, "--out", "marks.arrow"]);
    let bytes = fs::read(root.path().join("marks.arrow")).expect("written");
    assert!(bytes.starts_with(b"ARROW1") && bytes.ends_with(b"ARROW1"));
    // What cannot be written is said before the work, and what is there stays.
    let (code, out, error) = answered(root.path(), "out/first", &["--sql", sql, "--out", "marks.xlsx"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("marks.xlsx") && error.contains(".arrow"), "{error}");
    let (code, _, error) = answered(root.path(), "out/first", &["--sql", sql, "--out", "marks.arrow"]);
    assert!(code == 2 && error.contains("not there yet"), "{error}");
    assert_eq!(fs::read(root.path().join("marks.arrow")).expect("still there"), bytes);
}
