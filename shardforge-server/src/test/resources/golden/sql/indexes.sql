create table t (a int primary key, b int, c text, d timestamptz, ok bool)
---
ok 0

create index on t (b) where ok
---
ok 0

create index on t (lower(c))
---
ok 0

create index on t ((b + 1), lower(c), a) where b > 0 and c is not null
---
ok 0

create index on t ((b + 1), (a + b), lower(c), upper(c))
---
ok 0

create unique index u on t (b) where c = 'x'
---
ok 0

create index on t (now())
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on t ((b + 1)) where d > now()
---
ERROR 42P17: functions in index predicate must be marked IMMUTABLE

create index on t ((b + 1)) where (select true)
---
ERROR 0A000: cannot use subquery in index predicate
at 35

create index on t (sum(b))
---
ERROR 42803: aggregate functions are not allowed in index expressions
at 20

create index on t (b) where b
---
ERROR 42804: argument of WHERE must be type boolean, not type integer
at 29

create index on t (b) where zz
---
ERROR 42703: column "zz" does not exist
at 29

create index on t ((zz + 1))
---
ERROR 42703: column "zz" does not exist
at 21

create index on t ((count(*) over ()))
---
ERROR 42P20: window functions are not allowed in index expressions
at 21

create index on t ((d::text))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on t ((d::date))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on t (to_char(d, 'YYYY'))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on t (generate_series(1, b))
---
ERROR 0A000: set-returning functions are not allowed in index expressions
at 20

create index on t ((c::json))
---
ERROR 42704: data type json has no default operator class for access method "btree"
hint You must specify an operator class for the index or define a default operator class for the data type.

create index on t ((b::text)) where b::text = c
---
ok 0

create table f (x int references t (b))
---
ERROR 42830: there is no unique constraint matching given keys for referenced table "t"

create index on t ((a))
---
ok 0

set timezone = 'Europe/Berlin'
---
ok 0

create index td on t (b) where d > '2020-01-01'
---
ok 0

reset timezone
---
ok 0

select trim(both '()' from regexp_replace(pg_get_expr(indpred, indrelid), '::.*', '')) as p from pg_index where indexrelid = 'td'::regclass
---
p
d > '2019-12-31 23:00:00+00'

insert into t values (1, 5, 'x', '2021-01-01', true), (2, 5, 'y', null, false), (3, 6, 'x', '2000-01-01', null)
---
ok 3

insert into t values (4, 5, 'x', null, true)
---
ERROR 23505: duplicate key value violates unique constraint "u"
detail Key (b)=(5) already exists.

insert into t values (4, 5, 'z', null, true)
---
ok 1

update t set c = 'x' where a = 2
---
ERROR 23505: duplicate key value violates unique constraint "u"
detail Key (b)=(5) already exists.

update t set c = 'x', b = 7 where a = 2
---
ok 1

update t set c = 'q' where a = 1
---
ok 1

insert into t values (9, 5, 'x', null, true)
---
ok 1

update t set c = 'x', b = 5 where a in (1, 9)
---
ERROR 23505: duplicate key value violates unique constraint "u"
detail Key (b)=(5) already exists.

insert into t values (10, 5, 'x', null, true) on conflict (b) do nothing
---
ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

insert into t values (10, 5, 'x', null, true) on conflict (b) where c = 'x' do nothing
---
ok 0

insert into t values (10, 5, 'x', null, true) on conflict (b) where c = 'x' and a > 1 do update set ok = false returning *
---
a | b | c | d | ok
9 | 5 | x | NULL | f

insert into t values (10, 5, 'x', null, true) on conflict (b) where c > 'w' do nothing
---
ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

insert into t values (10, 5, 'x', null, true) on conflict on constraint u do nothing
---
ERROR 42704: constraint "u" for table "t" does not exist

insert into t values (10, 5, 'x', null, true) on conflict do nothing
---
ok 0

insert into t values (10, 5, 'w', null, true) on conflict (b) where c = 'x' do nothing returning a
---
a
10

select * from t order by a
---
a | b | c | d | ok
1 | 5 | q | 2021-01-01 00:00:00+00 | t
2 | 7 | x | NULL | f
3 | 6 | x | 2000-01-01 00:00:00+00 | NULL
4 | 5 | z | NULL | t
9 | 5 | x | NULL | f
10 | 5 | w | NULL | t

create unique index ux on t (lower(c), (a % 10))
---
ok 0

insert into t values (11, 50, 'X', null, true), (21, 51, 'x', null, null)
---
ERROR 23505: duplicate key value violates unique constraint "ux"
detail Key (lower(c), (a % 10))=(x, 1) already exists.

insert into t values (11, 50, 'X', null, true), (21, 51, 'x', null, null) on conflict (lower(c), (a%10)) do nothing returning a
---
a
11

insert into t values (31, 50, 'X', null, true) on conflict ((a % 10), lower(c)) do update set b = 99 returning *
---
a | b | c | d | ok
11 | 99 | X | NULL | t

insert into t values (31, 50, 'X', null, true) on conflict (lower(c)) do nothing
---
ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

create unique index on t ((b / 10))
---
ERROR 23505: could not create unique index "t_expr_idx"
detail Key ((b / 10))=(0) is duplicated.

create index on t ((b / 0))
---
ERROR 22012: division by zero

create index guarded on t ((100 / (a - 9))) where a <> 9
---
ok 0

insert into t values (9, 0, null, null, null) on conflict (a) do update set d = null
---
ok 1

insert into t values (8, 0, null, null, null)
---
ok 1

select a from t where a <> 9 and 100 / (a - 9) = -100
---
a
8

alter table t rename column b to bb
---
ok 0

alter table t rename column c to "C d"
---
ok 0

alter index t_lower_idx rename to "Lo"
---
ok 0

select pg_get_indexdef(indexrelid) from pg_index where indrelid = 't'::regclass and indpred is null order by 1
---
pg_get_indexdef
CREATE INDEX "Lo" ON public.t USING btree (lower("C d"))
CREATE INDEX t_a_idx ON public.t USING btree (a)
CREATE INDEX t_expr_expr1_lower_upper_idx ON public.t USING btree (((bb + 1)), ((a + bb)), lower("C d"), upper("C d"))
CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)
CREATE UNIQUE INDEX ux ON public.t USING btree (lower("C d"), ((a % 10)))

select indexrelid::regclass, indnatts, indnkeyatts, indkey, indclass, indoption, indcollation, pg_get_expr(indexprs, indrelid) from pg_index where indrelid = 't'::regclass order by 1
---
indexrelid | indnatts | indnkeyatts | indkey | indclass | indoption | indcollation | pg_get_expr
t_pkey | 1 | 1 | 1 | 1978 | 0 | 0 | NULL
t_b_idx | 1 | 1 | 2 | 1978 | 0 | 0 | NULL
"Lo" | 1 | 1 | 0 | 3126 | 0 | 100 | lower("C d")
t_expr_lower_a_idx | 3 | 3 | 0 0 1 | 1978 3126 1978 | 0 0 0 | 0 100 0 | (bb + 1), lower("C d")
t_expr_expr1_lower_upper_idx | 4 | 4 | 0 0 0 0 | 1978 1978 3126 3126 | 0 0 0 0 | 0 0 100 100 | (bb + 1), (a + bb), lower("C d"), upper("C d")
u | 1 | 1 | 2 | 1978 | 0 | 0 | NULL
t_b_idx1 | 1 | 1 | 0 | 3126 | 0 | 100 | (bb)::text
t_a_idx | 1 | 1 | 1 | 1978 | 0 | 0 | NULL
td | 1 | 1 | 2 | 1978 | 0 | 0 | NULL
ux | 2 | 2 | 0 0 | 3126 1978 | 0 0 | 100 0 | lower("C d"), (a % 10)
guarded | 1 | 1 | 0 | 1978 | 0 | 0 | (100 / (a - 9))

select pg_get_indexdef('ux'::regclass, 1, true), pg_get_indexdef('ux'::regclass, 2, true), pg_get_indexdef('ux'::regclass, 2, false), pg_get_indexdef('ux'::regclass, 3, true)
---
pg_get_indexdef | pg_get_indexdef | pg_get_indexdef | pg_get_indexdef
lower("C d") | (a % 10) | ((a % 10)) | ''

select attrelid::regclass, attname, attnum, atttypid::regtype from pg_attribute where attrelid in (select indexrelid from pg_index where indrelid = 't'::regclass and indpred is null) order by 1, 3
---
attrelid | attname | attnum | atttypid
t_pkey | a | 1 | integer
"Lo" | lower | 1 | text
t_expr_expr1_lower_upper_idx | expr | 1 | integer
t_expr_expr1_lower_upper_idx | expr1 | 2 | integer
t_expr_expr1_lower_upper_idx | lower | 3 | text
t_expr_expr1_lower_upper_idx | upper | 4 | text
t_a_idx | a | 1 | integer
ux | lower | 1 | text
ux | expr | 2 | integer

create table l (like t including all)
---
ok 0

select relname from pg_class join pg_index on indexrelid = oid where indrelid = 'l'::regclass and relname not like '%b%' order by 1
---
relname
l_a_idx
l_expr_expr1_lower_upper_idx
l_expr_idx
l_expr_lower_a_idx
l_lower_expr_idx
l_lower_idx
l_pkey

insert into l select * from t
---
ok 8

select a, lower("C d") from l where lower("C d") < 'x' order by lower("C d"), a
---
a | lower
1 | q
10 | w

select a from l order by lower("C d") desc, a
---
a
8
4
2
3
9
11
10
1

alter table t alter column bb type bigint
---
ok 0

select atttypid::regtype from pg_attribute where attrelid = 't_expr_lower_a_idx'::regclass and attnum = 1
---
atttypid
bigint

select a, bb + 1 from t where bb + 1 in (6, 8, 100) order by 1
---
a | ?column?
1 | 6
2 | 8
4 | 6
9 | 6
10 | 6
11 | 100

alter table t drop column "C d"
---
ok 0

select relname from pg_class join pg_index on indexrelid = oid where indrelid = 't'::regclass order by 1
---
relname
guarded
t_a_idx
t_b_idx
t_pkey
td

alter table t drop column ok
---
ok 0

select relname from pg_class join pg_index on indexrelid = oid where indrelid = 't'::regclass order by 1
---
relname
guarded
t_a_idx
t_pkey
td

insert into t values (5, 1, null) returning *
---
a | bb | d
5 | 1 | NULL

drop table t, l
---
ok 0

create table nulled (a int, b int)
---
ok 0

create unique index on nulled (a) where b is null
---
ok 0

insert into nulled values (1, null), (1, 2), (1, 3), (null, null), (null, null), (2, null)
---
ok 6

insert into nulled values (2, null)
---
ERROR 23505: duplicate key value violates unique constraint "nulled_a_idx"
detail Key (a)=(2) already exists.

update nulled set b = null where a = 1
---
ERROR 23505: duplicate key value violates unique constraint "nulled_a_idx"
detail Key (a)=(1) already exists.

update nulled set b = null where b = 3
---
ERROR 23505: duplicate key value violates unique constraint "nulled_a_idx"
detail Key (a)=(1) already exists.

select * from nulled order by 1, 2
---
a | b
1 | 2
1 | 3
1 | NULL
2 | NULL
NULL | NULL
NULL | NULL

delete from nulled where b is null and a = 2
---
ok 1

update nulled set b = null, a = 2 where b = 2
---
ok 1

select * from nulled where b is null and a = 2
---
a | b
2 | NULL

truncate nulled
---
ok 0

insert into nulled values (2, null) on conflict (a) where b is null do update set b = 8
---
ok 1

insert into nulled values (2, null) on conflict (a) where b is null do update set b = 8
---
ok 1

insert into nulled values (2, null), (2, null) on conflict (a) where b is null do update set b = 8
---
ERROR 21000: ON CONFLICT DO UPDATE command cannot affect row a second time
hint Ensure that no rows proposed for insertion within the same command have duplicate constrained values.

select * from nulled order by 1, 2
---
a | b
2 | 8

drop table nulled
---
ok 0

create table inc (a int, b int, c text, d json, primary key (a) include (b, c), unique (b) include (d), unique(c) include (c))
---
ok 0

select conname, conkey, pg_get_constraintdef(oid) from pg_constraint where conrelid='inc'::regclass order by 1
---
conname | conkey | pg_get_constraintdef
inc_b_d_key | {2} | UNIQUE (b) INCLUDE (d)
inc_c_c1_key | {3} | UNIQUE (c) INCLUDE (c)
inc_pkey | {1} | PRIMARY KEY (a) INCLUDE (b, c)

create table inc3 (a int, primary key (a) include (zz))
---
ERROR 42703: column "zz" named in key does not exist
at 27

create table inc4 (like inc including all)
---
ok 0

create index on inc (b) include (a, b collate "C")
---
ERROR 42P17: including column does not support a collation

create index on inc (b) include (c collate "C")
---
ERROR 42P17: including column does not support a collation

create index on inc (b) include (c text_pattern_ops)
---
ERROR 42P17: including column does not support an operator class

create index on inc (b) include (c nulls first)
---
ERROR 42P17: including column does not support NULLS FIRST/LAST options

create index on inc (b) include (c desc)
---
ERROR 42P17: including column does not support ASC/DESC options

create index on inc (b) include ((b+1))
---
ERROR 0A000: expressions are not supported in included columns

create index on inc (b) include (zz)
---
ERROR 42703: column "zz" does not exist

create index on inc (b desc) include (c,d) where a > 1
---
ok 0

insert into inc values (1,10,'x','{"a": 1}'), (2,null,'y','[1,  2]'), (3,30,null,null),(4,40,'z','4')
---
ok 4

select d from inc where b in (10,30,40) order by b
---
d
{"a": 1}
NULL
4

select b,d from inc where b = 10
---
b | d
10 | {"a": 1}

update inc set d = '{"b": 2}' where a = 1
---
ok 1

select b,d from inc where b = 10
---
b | d
10 | {"b": 2}

select a,b,c,d from inc where a > 1 and b > 20 order by b desc
---
a | b | c | d
4 | 40 | z | 4
3 | 30 | NULL | NULL

insert into inc values (5,10,'q','5') on conflict (b) do update set d = excluded.d returning *
---
a | b | c | d
1 | 10 | x | 5

insert into inc values (5,10,'q','5')
---
ERROR 23505: duplicate key value violates unique constraint "inc_b_d_key"
detail Key (b)=(10) already exists.

select b,d from inc where b = 10
---
b | d
10 | 5

select indexrelid::regclass, indnatts, indnkeyatts, indkey, indclass, indoption, indcollation from pg_index where indrelid='inc'::regclass order by 1
---
indexrelid | indnatts | indnkeyatts | indkey | indclass | indoption | indcollation
inc_pkey | 3 | 1 | 1 2 3 | 1978 | 0 | 0
inc_b_d_key | 2 | 1 | 2 4 | 1978 | 0 | 0
inc_c_c1_key | 2 | 1 | 3 3 | 3126 | 0 | 100
inc_b_c_d_idx | 3 | 1 | 2 3 4 | 1978 | 3 | 0

select relname, relnatts from pg_class where relname like 'inc\_%' order by 1
---
relname | relnatts
inc_b_c_d_idx | 3
inc_b_d_key | 2
inc_c_c1_key | 2
inc_pkey | 3

alter table inc drop column d
---
ok 0

select attname,attnum from pg_attribute where attrelid='inc_pkey'::regclass order by 2
---
attname | attnum
a | 1
b | 2
c | 3

select pg_index_column_has_property('inc_pkey'::regclass, n, p), n, p from generate_series(1,2) n, unnest(array['asc','orderable','returnable','search_array','search_nulls','nulls_first','distance_orderable']) p
---
pg_index_column_has_property | n | p
t | 1 | asc
t | 1 | orderable
t | 1 | returnable
t | 1 | search_array
t | 1 | search_nulls
f | 1 | nulls_first
f | 1 | distance_orderable
NULL | 2 | asc
f | 2 | orderable
t | 2 | returnable
NULL | 2 | search_array
NULL | 2 | search_nulls
NULL | 2 | nulls_first
f | 2 | distance_orderable

select pg_get_indexdef('inc_pkey'::regclass, 2, true), pg_get_indexdef('inc_pkey'::regclass, 3, true),pg_get_indexdef('inc_pkey'::regclass, 4, true)
---
pg_get_indexdef | pg_get_indexdef | pg_get_indexdef
b | c | ''

select pg_indexam_has_property(oid,'can_include') from pg_am where amname='btree'
---
pg_indexam_has_property
t

select column_name, ordinal_position, constraint_name from information_schema.key_column_usage where table_name='inc' order by 3,2
---
column_name | ordinal_position | constraint_name
c | 1 | inc_c_c1_key
a | 1 | inc_pkey

create table incr (x int references inc (c))
---
ERROR 42804: foreign key constraint "incr_x_fkey" cannot be implemented
detail Key columns "x" and "c" are of incompatible types: integer and text.

create table incr (x text references inc (c))
---
ok 0

alter table inc add unique (a, b) include (c)
---
ok 0

alter table inc add constraint pp unique (a) include (b), drop constraint inc_c_c1_key cascade
---
notice drop cascades to constraint incr_x_fkey on table incr
ok 0

drop table inc, inc4 cascade
---
ok 0

create table nl (k int primary key, a int, b int, c text)
---
ok 0

create unique index nd on nl (a, b) nulls not distinct
---
ok 0

create index o1 on nl (a desc nulls last, b nulls first)
---
ok 0

create index o2 on nl (c desc)
---
ok 0

create index o3 on nl (c nulls first, a)
---
ok 0

insert into nl values (1,1,null,'x'),(2,null,null,null),(3,null,3,'y'),(4,2,2,null),(5,1,4,'z')
---
ok 5

insert into nl values (9,null,null,'w')
---
ERROR 23505: duplicate key value violates unique constraint "nd"
detail Key (a, b)=(null, null) already exists.

insert into nl values (9,1,null,'w')
---
ERROR 23505: duplicate key value violates unique constraint "nd"
detail Key (a, b)=(1, null) already exists.

insert into nl values (9,null,null,'w') on conflict (a,b) do update set c = 'new' returning *
---
k | a | b | c
2 | NULL | NULL | new

insert into nl values (9,null,3,'w') on conflict do nothing
---
ok 0

update nl set b = null where k = 5
---
ERROR 23505: duplicate key value violates unique constraint "nd"
detail Key (a, b)=(1, null) already exists.

update nl set a = null, b = null where k = 4
---
ERROR 23505: duplicate key value violates unique constraint "nd"
detail Key (a, b)=(null, null) already exists.

delete from nl where k = 2
---
ok 1

update nl set a = null, b = null where k = 4
---
ok 1

insert into nl values (2,7,7,'q'), (6,7,8,'q'), (7,8,null,'q')
---
ok 3

select k from nl order by a desc nulls last, b nulls first
---
k
7
2
6
1
5
4
3

select k from nl order by a nulls first, b desc nulls last
---
k
3
4
5
1
6
2
7

select k from nl order by a desc, b
---
k
3
4
7
2
6
5
1

select k from nl order by c desc, k
---
k
4
5
3
1
2
6
7

select k from nl order by c nulls first, a
---
k
4
2
6
7
1
3
5

select k from nl where a = 7 order by b nulls first
---
k
2
6

select k from nl where a = 7 order by b desc nulls last
---
k
6
2

select k from nl where a > 1 order by a desc nulls last, b nulls first
---
k
7
2
6

select k from nl where a is null order by b
---
k
3
4

select k from nl where a is null and b is null
---
k
4

select k from nl where a = 8 and b is null
---
k
7

select k from nl where c is null order by a
---
k
4

select k from nl where a <= 7 and a > 1 order by a desc nulls last, b nulls first, k
---
k
2
6

alter table nl add constraint u2 unique nulls not distinct (c)
---
ERROR 23505: could not create unique index "u2"
detail Key (c)=(q) is duplicated.

update nl set c = k::text where c is null or c = 'q'
---
ok 4

alter table nl add constraint u2 unique nulls not distinct (c)
---
ok 0

insert into nl values (20, 20, 20, null)
---
ok 1

insert into nl values (21, 21, 21, null)
---
ERROR 23505: duplicate key value violates unique constraint "u2"
detail Key (c)=(null) already exists.

insert into nl values (21, 21, 21, null) on conflict (c) do update set b = 22 returning *
---
k | a | b | c
20 | 20 | 22 | NULL

insert into nl values (21, 21, 21, null) on conflict on constraint u2 do update set b = 23 returning *
---
k | a | b | c
20 | 20 | 23 | NULL

create unique index on nl ((a + b)) nulls not distinct where k > 10
---
ok 0

insert into nl values (30, null, 1, '30'), (31, 1, 1, '31')
---
ok 2

insert into nl values (32, null, 2, '32')
---
ERROR 23505: duplicate key value violates unique constraint "nl_expr_idx"
detail Key ((a + b))=(null) already exists.

select pg_get_constraintdef(oid) from pg_constraint where conrelid='nl'::regclass order by conname
---
pg_get_constraintdef
PRIMARY KEY (k)
UNIQUE NULLS NOT DISTINCT (c)

create table nlr (x text references nl (c))
---
ok 0

create table nll (like nl including all)
---
ok 0

drop table nl, nlr, nll
---
ok 0

create table nl (k int primary key, a int, b int, c text)
---
ok 0

insert into nl select g, nullif(g%20,0), nullif(g%7,0), nullif('c'||g%9,'c4') from generate_series(1,2000) g
---
ok 2000

create index i1 on nl (a, b)
---
ok 0

create index i2 on nl (c desc, k)
---
ok 0

create index i3 on nl ((a+b)) where c is not null
---
ok 0

create unique index i4 on nl (k, a) nulls not distinct
---
ok 0

select count(*) from nl where a is null
---
count
100

select count(*) from nl where a is null and b = 3
---
count
14

select count(*) from nl where a = 3 and b is null
---
count
14

select k from nl where a in (3,4) and b is null and k < 200 order by k for update
---
k
63
84

select k from nl where c is null order by k desc limit 3
---
k
1993
1984
1975

select count(*) from nl where a+b is null and c = 'c3'
---
count
42

select count(*) from nl where a = null
---
count
0

select k from nl where k = 20 and a is null
---
k
20

select k, a from nl where k = 21 and a is null
---
k | a

drop table nl
---
ok 0
