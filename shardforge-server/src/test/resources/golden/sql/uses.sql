create table uses (id int primary key, a int)
---
ok 0

create table uses_plain (a int)
---
ok 0

insert into uses select g, g % 10 from generate_series(1, 5000) g
---
ok 5000

insert into uses_plain values (1), (2), (3)
---
ok 3

select pg_stat_force_next_flush()
---
pg_stat_force_next_flush
''

select 1
---
?column?
1

analyze uses
---
ok 0

select pg_stat_force_next_flush()
---
pg_stat_force_next_flush
''

select relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup, n_dead_tup, n_mod_since_analyze, analyze_count, autoanalyze_count, last_analyze is null, last_autoanalyze is null, last_vacuum is null, vacuum_count from pg_stat_user_tables where relname like 'uses%' order by 1
---
relname | n_tup_ins | n_tup_upd | n_tup_del | n_live_tup | n_dead_tup | n_mod_since_analyze | analyze_count | autoanalyze_count | ?column? | ?column? | ?column? | vacuum_count
uses | 5000 | 0 | 0 | 5000 | 0 | 0 | 1 | 0 | f | t | t | 0
uses_plain | 3 | 0 | 0 | 3 | 0 | 3 | 0 | 0 | t | t | t | 0

select pg_stat_reset_single_table_counters('uses'::regclass), pg_stat_reset_single_table_counters('uses_plain'::regclass), pg_stat_reset_single_table_counters('uses_pkey'::regclass)
---
pg_stat_reset_single_table_counters | pg_stat_reset_single_table_counters | pg_stat_reset_single_table_counters
'' | '' | ''

update uses set a = a + 1 where id = 10
---
ok 1

delete from uses where id = 11
---
ok 1

select a from uses where id = 12
---
a
2

select count(a) from uses
---
count
4999

select count(a) from uses
---
count
4999

select * from uses_plain
---
a
1
2
3

insert into uses_plain values (4)
---
ok 1

begin
---
ok 0

insert into uses_plain values (5)
---
ok 1

rollback
---
ok 0

select pg_stat_force_next_flush()
---
pg_stat_force_next_flush
''

select relname, n_tup_ins, n_tup_upd, n_tup_del, analyze_count from pg_stat_user_tables where relname like 'uses%' order by 1
---
relname | n_tup_ins | n_tup_upd | n_tup_del | analyze_count
uses | 0 | 1 | 1 | 0
uses_plain | 2 | 0 | 0 | 0

select relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch from pg_stat_all_tables where relname = 'uses_plain'
---
relname | seq_scan | seq_tup_read | idx_scan | idx_tup_fetch
uses_plain | 1 | 3 | NULL | NULL

select seq_scan, seq_tup_read, idx_scan, idx_tup_fetch from pg_stat_user_tables where relname = 'uses'
---
seq_scan | seq_tup_read | idx_scan | idx_tup_fetch
2 | 9998 | 3 | 3

select relname, indexrelname, idx_scan, idx_tup_fetch from pg_stat_user_indexes where relname = 'uses'
---
relname | indexrelname | idx_scan | idx_tup_fetch
uses | uses_pkey | 3 | 3

select relname, toast_blks_read is null, heap_blks_read is null, idx_blks_hit is null from pg_statio_user_tables where relname like 'uses%' order by 1
---
relname | ?column? | ?column? | ?column?
uses | t | f | f
uses_plain | t | f | t

select indexrelname, idx_blks_read is null from pg_statio_user_indexes where relname = 'uses'
---
indexrelname | ?column?
uses_pkey | f

select numbackends > 0, xact_commit > 5, xact_rollback > 0, tup_inserted >= 5003, tup_updated >= 1, tup_deleted >= 1, deadlocks from pg_stat_database where datname = current_database()
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column? | deadlocks
t | t | t | t | t | t | 0

select pg_stat_reset()
---
pg_stat_reset
''

select pg_stat_clear_snapshot()
---
pg_stat_clear_snapshot
''

select n_tup_ins, n_tup_upd, seq_scan from pg_stat_user_tables where relname = 'uses'
---
n_tup_ins | n_tup_upd | seq_scan
0 | 0 | 0

select n_tup_ins, idx_scan, idx_tup_fetch from pg_stat_user_tables where relname = 'uses_plain'
---
n_tup_ins | idx_scan | idx_tup_fetch
0 | NULL | NULL

select stats_reset is null from pg_stat_database where datname = current_database()
---
?column?
f

create role uses_nobody
---
ok 0

set role uses_nobody
---
ok 0

select pg_stat_reset()
---
ERROR 42501: permission denied for function pg_stat_reset

select pg_stat_reset_single_table_counters('uses'::regclass)
---
ERROR 42501: permission denied for function pg_stat_reset_single_table_counters

reset role
---
ok 0

drop role uses_nobody
---
ok 0

drop table uses, uses_plain
---
ok 0
