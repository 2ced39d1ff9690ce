with recursive n(i) as (select 1 union all select i + 1 from n) select i from n limit 5
---
i
1
2
3
4
5

with recursive n(i) as (select 1 union all select i * 2 from n) select i, (select count(*) from (select 1 from n limit 3) s) from n limit 4
---
i | count
1 | 3
2 | 3
4 | 3
8 | 3

with recursive n(i) as (values (1) union select i % 4 + 1 from n) select a.i, b.i from n a, n b where a.i + b.i = 5 order by 1
---
i | i
1 | 4
2 | 3
3 | 2
4 | 1

with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select * from n union all select * from n
---
i
1
2
3
1
2
3

select exists (with recursive n(i) as (select 1 union all select i + 1 from n) select 1 from n where i > 3)
---
exists
t

with recursive n(i) as (select 1 union all select i + 1 from n where i in (select i from n)) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within a subquery
at 90

with recursive n(i) as (select 1 union all select n.i + 1 from n left join n m on true) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within an outer join
at 76

with recursive n(i) as (select 1 union all select n.i + 1 from (values (1)) v(x) left join n on true where n.i < 3) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within an outer join
at 92

with recursive n(i) as (select 1 union all select n.i + 1 from (values (1)) v(x) full join n on v.x = n.i where n.i < 3) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within an outer join
at 92

with recursive n(i) as (select 1 union all (select i + 1 from n where i < 3 union all select i + 2 from n where i < 3)) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear more than once
at 105

with recursive n(i) as (select 1 union all (select i + 1 from n where i < 3 except select 2)) select * from n
---
i
1

with recursive n(i) as (select 1 union all (select 2 except select i from n)) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within EXCEPT
at 75

with recursive n(i) as (select 1 union all (select i + 1 from n intersect select 2)) select * from n
---
i
1
2

with recursive n(i) as (select i from n union all select 1) select * from n
---
ERROR 42P19: recursive reference to query "n" must not appear within its non-recursive term
at 39

with recursive n(i) as (select 1 intersect select i from n) select * from n
---
ERROR 42P19: recursive query "n" does not have the form non-recursive-term UNION [ALL] recursive-term
at 16

with recursive n(i) as (select i + 1 from n) select * from n
---
ERROR 42P19: recursive query "n" does not have the form non-recursive-term UNION [ALL] recursive-term
at 16

with recursive n(i) as (select 1 union all select i + 1 from n for update) select * from n
---
ERROR 0A000: FOR UPDATE/SHARE in a recursive query is not implemented

with recursive n(i) as (select 1 union all (with n(j) as (select 5) select j from n)) select * from n
---
i
1
5

create table kept (i int)
---
ok 0

with w as (insert into kept values (1)) select * from w
---
ERROR 0A000: WITH query "w" does not have a RETURNING clause
at 55

with w as (insert into kept values (1)) select 'done' as state
---
state
done

select * from (with w as (delete from kept returning i) select * from w) s
---
ERROR 0A000: WITH clause containing a data-modifying statement must be at the top level
at 21

with recursive w as (insert into kept select i from w returning i) select * from w
---
ERROR 42P19: recursive query "w" must not contain data-modifying statements
at 16

with w as (delete from kept returning i) select * from w
---
i
1

drop table kept
---
ok 0

select
---



select from generate_series(1, 3)
---





select union all select
---




select from generate_series(1, 3) except all select
---




select count(*) from (select from generate_series(1, 4)) s
---
count
4

select case when true then generate_series(1, 2) else 0 end
---
ERROR 0A000: set-returning functions are not allowed in CASE
at 28
hint You might be able to move the set-returning function into a LATERAL FROM item.

select coalesce(generate_series(1, 2), 0)
---
ERROR 0A000: set-returning functions are not allowed in COALESCE
at 17
hint You might be able to move the set-returning function into a LATERAL FROM item.

select * from abs(generate_series(1, 2))
---
ERROR 0A000: set-returning functions must appear at top level of FROM
at 19

select * from generate_series(1, generate_series(1, 2))
---
ERROR 0A000: set-returning functions must appear at top level of FROM
at 34

create sequence still
---
ok 0

begin read only
---
ok 0

select nextval('still')
---
ERROR 25006: cannot execute nextval() in a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

select setval('still', 7)
---
ERROR 25006: cannot execute setval() in a read-only transaction

rollback
---
ok 0

select nextval('still')
---
nextval
1

drop sequence still
---
ok 0

set enable_seqscan = off
---
ok 0

show enable_seqscan
---
enable_seqscan
off

set work_mem = 2048
---
ok 0

show work_mem
---
work_mem
2MB

set work_mem = '64kB'
---
ok 0

show work_mem
---
work_mem
64kB

set work_mem = '1gb'
---
ERROR 22023: invalid value for parameter "work_mem": "1gb"
hint Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".

set random_page_cost = 1.50
---
ok 0

show random_page_cost
---
random_page_cost
1.5

set max_parallel_workers_per_gather = 0
---
ok 0

set max_parallel_workers_per_gather = -1
---
ERROR 22023: -1 is outside the valid range for parameter "max_parallel_workers_per_gather" (0 .. 1024)

set plan_cache_mode = force_custom_plan
---
ok 0

show plan_cache_mode
---
plan_cache_mode
force_custom_plan

set plan_cache_mode = none
---
ERROR 22023: invalid value for parameter "plan_cache_mode": "none"
hint Available values: auto, force_generic_plan, force_custom_plan.

set constraint_exclusion = maybe
---
ERROR 22023: invalid value for parameter "constraint_exclusion": "maybe"
hint Available values: partition, on, off.

set vacuum_cost_delay = 20
---
ok 0

show vacuum_cost_delay
---
vacuum_cost_delay
20ms

reset all
---
ok 0

show enable_seqscan
---
enable_seqscan
on

show work_mem
---
work_mem
4MB

show vacuum_cost_delay
---
vacuum_cost_delay
0

with recursive q(i) as (select * from generate_series(1,8) union all (with x as (select * from q) select * from x)) select * from q limit 24
---
i
1
2
3
4
5
6
7
8
1
2
3
4
5
6
7
8
1
2
3
4
5
6
7
8

with recursive q(i) as (select * from generate_series(1,8) union all (with recursive x as (select * from generate_series(1,8) union all (select * from q union all select * from x)) select * from x)) select * from q limit 32
---
i
1
2
3
4
5
6
7
8
1
2
3
4
5
6
7
8
1
2
3
4
5
6
7
8
1
2
3
4
5
6
7
8

with recursive q(i) as (values (1) union (with recursive x(j) as (select i from q union all select j + 1 from x) select j + 1 from x)) select * from q limit 9
---
i
1
2
3
4
5
6
7
8
9

with recursive a(i) as (values (1) union all select i + 1 from a), b as materialized (select i * 10 as k from a) select * from b limit 4
---
k
10
20
30
40

with b as materialized (select 10 / (5 - i) as k from generate_series(1, 10) i) select * from b limit 3
---
k
2
3
5

with recursive a(i) as (values (1) union all (with recursive b(j) as (select i from a union all select j * 2 from b) select j + 1 from b limit 3)) select * from a limit 20
---
i
1
2
3
5
3
4
6
4
5
7
5
6
8
6
7
9
7
8
10
8

with recursive a(i) as (values (1),(2) union all select i + 2 from a) select a.i, (select count(*) from (select 1 from a b limit 5) s) from a limit 6
---
i | count
1 | 5
2 | 5
3 | 5
4 | 5
5 | 5
6 | 5

with recursive a(i) as (values (1) union all select i + 1 from a where i < 4), b(i) as (select i from a union select i + 1 from b where i < 6) select a.i, b.i from a, b where a.i = b.i - 1 order by 1
---
i | i
1 | 2
2 | 3
3 | 4
4 | 5
