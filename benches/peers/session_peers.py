"""The peers of session.py: one engine cuts one Parquet file into sessions by the plain rule.

usage: session_peers.py ENGINE FILE     prints one line of JSON

The rule: rows once for each (machine, ts), in order of ts for each machine; a session starts at a machine's
first row, after more than 120,000 ms without one, and where bt falls by more than 8 from one row to the next
and did not fall so to the row before. For each session its ends, rows, lowest and highest bt, and the
first instant of the lowest; `check` holds sums over all sessions, which must be the same for all engines.
"""

import json
import pathlib
import resource
import sys

# Sessions are numbered within a machine by counting the rows that start one.
SQL = """
with times as (
    select machine, ts, bt, lag(ts) over (partition by machine order by ts) as ts_before from {rows}
), rows_once as (
    select machine, ts, bt from times where ts_before is null or ts_before <> ts
), neighbours as (
    select machine, ts, bt, lag(ts) over by_time as ts_before, lag(bt) over by_time as bt_before,
           lag(bt, 2) over by_time as bt_earlier
    from rows_once window by_time as (partition by machine order by ts)
), starts as (
    select machine, ts, bt,
           case when ts_before is null or ts - ts_before > 120000
                     or (bt_before - bt > cast(8 as real) and not coalesce(bt_earlier - bt_before > cast(8 as real), false))
                then 1 else 0 end as is_start
    from neighbours
), numbered as (
    select machine, ts, bt,
           sum(is_start) over (partition by machine order by ts rows unbounded preceding) as session
    from starts
)
select min(ts) as first_ts, max(ts) as last_ts, count(*) as n, min(bt) as lowest, max(bt) as highest,
       {ts_of_lowest} as lowest_ts
from numbered group by machine, session
"""


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def duckdb_sql(file):
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2; set preserve_insertion_order = false")
    con.execute(f"set temp_directory = '{pathlib.Path(file).parent / 'duckdb'}'")
    return con.sql(SQL.format(rows=f"read_parquet('{file}')", ts_of_lowest="arg_min(ts, bt)")).to_arrow_table()


def datafusion_sql(file):
    import datafusion
    import pyarrow

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
    context.register_parquet("archive", file)
    query = SQL.format(rows="archive", ts_of_lowest="first_value(ts order by bt, ts)")
    return pyarrow.Table.from_batches(context.sql(query).collect())


def polars_sorted(file):
    """The quickest form known: one sort, then shifts over the whole column that look whether the machine is the same."""
    import polars as pl

    def before(column, rows=1):
        return pl.col(column).shift(rows)

    same = pl.col("machine") == before("machine")
    once = pl.scan_parquet(file).select("machine", "ts", "bt").sort("machine", "ts")
    once = once.filter(~(same & (pl.col("ts") == before("ts"))).fill_null(False))
    falls = before("bt") - pl.col("bt") > 8
    fell = (before("bt", 2) - before("bt") > 8) & (pl.col("machine") == before("machine", 2))
    starts = (~same | (pl.col("ts") - before("ts") > 120_000) | (falls & ~fell)).fill_null(True)
    sessions = once.with_columns(session=starts.cum_sum()).group_by("session")
    found = sessions.agg(
        first_ts=pl.col("ts").min(),
        last_ts=pl.col("ts").max(),
        n=pl.len(),
        lowest=pl.col("bt").min(),
        highest=pl.col("bt").max(),
        lowest_ts=pl.col("ts").get(pl.col("bt").arg_min()),
    )
    return found.collect().to_arrow()


ENGINES = {"duckdb": duckdb_sql, "datafusion": datafusion_sql, "polars": polars_sorted}


def check(table):
    import numpy as np

    column = {name: table[name].to_numpy() for name in table.column_names}
    lasts, colds = column["last_ts"] - column["first_ts"], column["lowest_ts"] - column["first_ts"]
    bounds = [round(float(column[name].astype(np.float64).sum()), 1) for name in ("lowest", "highest")]
    return [len(table), int(column["n"].sum()), int(lasts.sum()), int(colds.sum()), *bounds]


def main():
    engine, file = sys.argv[1:]
    # Loading an engine and its first look at the file are none of the work.
    import pyarrow.parquet

    rows = pyarrow.parquet.ParquetFile(file).metadata.num_rows
    __import__(engine)
    before_s = cpu_s()
    table = ENGINES[engine](file)
    took_s = cpu_s() - before_s
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"rows_per_cpu_s": round(rows / took_s), "peak_rss_gb": round(peak_gb, 2), "check": check(table)}))


if __name__ == "__main__":
    main()
