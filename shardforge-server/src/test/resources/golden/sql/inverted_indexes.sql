create table t (id int primary key, a int[], j jsonb, s text, js json, tags text[])
---
ok 0

insert into t values
  (1, '{1,2}', '{"k": 17, "name": "x"}', 'x', null, '{a}'),
  (2, '{}', '{}', 'y', null, null),
  (3, '{2,null,2}', '{"k": [17, 18, "q"], "x": {"y": 1.50}}', null, null, '{b,c}'),
  (4, null, null, null, null, null),
  (5, '{{1,2},{3,4}}', '["k", "q", 17, null, true]', null, null, '{a,NULL}'),
  (6, '{null}', '"k"', null, null, '{}'),
  (7, '{7}', '{"x": null, "y": {}, "z": []}', null, null, '{"",long}')
---
ok 7

create unique index on t using gin (a)
---
ERROR 0A000: access method "gin" does not support unique indexes

create index on t using gin (a) include (id)
---
ERROR 0A000: access method "gin" does not support included columns

create index on t using gin (a desc)
---
ERROR 0A000: access method "gin" does not support ASC/DESC options

create index on t using gin (a nulls first)
---
ERROR 0A000: access method "gin" does not support NULLS FIRST/LAST options

create index on t using gin (s)
---
ERROR 42704: data type text has no default operator class for access method "gin"
hint You must specify an operator class for the index or define a default operator class for the data type.

create index on t using gin (js)
---
ERROR 42704: data type json has no default operator class for access method "gin"
hint You must specify an operator class for the index or define a default operator class for the data type.

create index on t using gin (s array_ops)
---
ERROR 42804: operator class "array_ops" does not accept data type text

create index on t using gin (j array_ops)
---
ERROR 42804: operator class "array_ops" does not accept data type jsonb

create index on t using gin (j missing_ops)
---
ERROR 42704: operator class "missing_ops" does not exist for access method "gin"

create index on t using gin (j) with (fillfactor = 70)
---
ERROR 22023: unrecognized parameter "fillfactor"

create index on t using gin (a) where now() > '2020-01-01'
---
ERROR 42P17: functions in index predicate must be marked IMMUTABLE

create index t_a on t using gin (a)
---
ok 0

create index if not exists t_a on t using gin (a)
---
notice relation "t_a" already exists, skipping
ok 0

create index t_j on t using gin (j)
---
ok 0

create index concurrently t_path on t using gin (j jsonb_path_ops)
---
ok 0

create index on t using gin ((j -> 'x'), tags) where id > 2
---
ok 0

create index t_both on t using gin (tags, j jsonb_path_ops)
---
ok 0

select indexname, indexdef from pg_indexes where tablename = 't' and indexname <> 't_expr_tags_idx' order by 1
---
indexname | indexdef
t_a | CREATE INDEX t_a ON public.t USING gin (a)
t_both | CREATE INDEX t_both ON public.t USING gin (tags, j jsonb_path_ops)
t_j | CREATE INDEX t_j ON public.t USING gin (j)
t_path | CREATE INDEX t_path ON public.t USING gin (j jsonb_path_ops)
t_pkey | CREATE UNIQUE INDEX t_pkey ON public.t USING btree (id)

select c.relname, m.amname, i.indnatts, i.indnkeyatts, i.indkey, i.indoption, i.indcollation
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
where i.indrelid = 't'::regclass order by 1
---
relname | amname | indnatts | indnkeyatts | indkey | indoption | indcollation
t_a | gin | 1 | 1 | 2 | 0 | 0
t_both | gin | 2 | 2 | 6 3 | 0 0 | 100 0
t_expr_tags_idx | gin | 2 | 2 | 0 6 | 0 0 | 0 100
t_j | gin | 1 | 1 | 3 | 0 | 0
t_path | gin | 1 | 1 | 3 | 0 | 0
t_pkey | btree | 1 | 1 | 1 | 0 | 0

select c.relname, o.opcname, f.opfname, o.opcdefault, o.opcintype::regtype
from pg_index i join pg_class c on c.oid = i.indexrelid
join pg_opclass o on o.oid = any (i.indclass::oid[]) join pg_opfamily f on f.oid = o.opcfamily
where i.indrelid = 't'::regclass and not i.indisprimary order by 1, 2
---
relname | opcname | opfname | opcdefault | opcintype
t_a | array_ops | array_ops | t | anyarray
t_both | array_ops | array_ops | t | anyarray
t_both | jsonb_path_ops | jsonb_path_ops | f | jsonb
t_expr_tags_idx | array_ops | array_ops | t | anyarray
t_expr_tags_idx | jsonb_ops | jsonb_ops | t | jsonb
t_j | jsonb_ops | jsonb_ops | t | jsonb
t_path | jsonb_path_ops | jsonb_path_ops | f | jsonb

select p, pg_indexam_has_property((select oid from pg_am where amname = 'gin'), p),
  pg_index_has_property('t_a'::regclass, p), pg_index_column_has_property('t_a'::regclass, 1, p)
from unnest(array['can_order', 'can_unique', 'can_multi_col', 'can_include', 'clusterable',
  'bitmap_scan', 'index_scan', 'asc', 'orderable', 'returnable', 'search_array']) p order by 1
---
p | pg_indexam_has_property | pg_index_has_property | pg_index_column_has_property
asc | NULL | NULL | f
bitmap_scan | NULL | t | NULL
can_include | f | NULL | NULL
can_multi_col | t | NULL | NULL
can_order | f | NULL | NULL
can_unique | f | NULL | NULL
clusterable | NULL | f | NULL
index_scan | NULL | f | NULL
orderable | NULL | NULL | f
returnable | NULL | NULL | f
search_array | NULL | NULL | f

select id from t where a @> '{2}' order by 1
---
id
1
3
5

select id from t where a @> '{2,1}' order by 1
---
id
1
5

select id from t where a @> '{}' order by 1
---
id
1
2
3
5
6
7

select id from t where a @> '{null}' order by 1
---
id

select id from t where '{1,2,3,4}' @> a order by 1
---
id
1
2
5

select id from t where a <@ '{}' order by 1
---
id
2

select id from t where a && '{7,4,null}' order by 1
---
id
5
7

select id from t where a && '{}' order by 1
---
id

select id from t where a = '{2,null,2}' order by 1
---
id
3

select id from t where a = '{}' order by 1
---
id
2

select id from t where 3 = any (a) order by 1
---
id
5

select id from t where null = any (a) order by 1
---
id

select id from t where not a @> '{2}' order by 1
---
id
2
6
7

select id from t where tags @> '{a}' or a @> '{7}' order by 1
---
id
1
5
7

select id from t where tags && array['c', ''] order by 1
---
id
3
7

select id from t where j @> '{"k": 17}' order by 1
---
id
1

select id from t where j @> '{"k": [17]}' order by 1
---
id
3

select id from t where j @> '{}' order by 1
---
id
1
2
3
7

select id from t where j @> '[]' order by 1
---
id
5

select id from t where j @> '"k"' order by 1
---
id
5
6

select id from t where j @> '17' order by 1
---
id
5

select id from t where j @> '{"x": {"y": 1.5}}' order by 1
---
id
3

select id from t where j @> '{"x": {}}' order by 1
---
id
3

select id from t where j @> '{"x": null}' order by 1
---
id
7

select id from t where j @> '[null, "q"]' order by 1
---
id
5

select id from t where '{"k": 17, "name": "x", "z": 1}' @> j order by 1
---
id
1
2

select id from t where j ? 'k' order by 1
---
id
1
3
5
6

select id from t where j ? 'name' or j ? 'z' order by 1
---
id
1
7

select id from t where j ?| array['name', 'q', null] order by 1
---
id
1
5

select id from t where j ?& array['x', 'y'] order by 1
---
id
7

select id from t where j ?& '{}' order by 1
---
id
1
2
3
5
6
7

select id from t where j ?| '{}' order by 1
---
id

select id from t where j @? '$.k' order by 1
---
id
1
3

select id from t where j @? '$.k ? (@ == 17)' order by 1
---
id
1
3

select id from t where j @? '$.x ? (@.y == 1.5)' order by 1
---
id
3

select id from t where j @? '$.k.size() ? (@ == 1)' order by 1
---
id
1

select id from t where j @@ '$.k == 17' order by 1
---
id
1
3

select id from t where j @@ '$.k[*] == "q" || $.name == "x"' order by 1
---
id
1
3

select id from t where j @@ '$[*] == 17 && $[*] == null' order by 1
---
id
5

select id from t where j @@ '$.* == null' order by 1
---
id
7

select id from t where j @@ '!($.k == 17)' order by 1
---
id
2
5
6
7

select id from t where j @@ '$.k > 17' order by 1
---
id
3

select id from t where j @@ 'strict $.k == 17' order by 1
---
id
1

select id from t where j @? '$ ? (exists(@.x.y))' order by 1
---
id
3

select id from t where j -> 'x' ? 'y' and id > 2 order by 1
---
id
3

select id from t where j @> '{"k": 17}' and tags @> '{a}' order by 1
---
id
1

select x.id, y.id from t x join t y on y.a @> x.a order by 1, 2
---
id | id
1 | 1
1 | 5
2 | 1
2 | 2
2 | 3
2 | 5
2 | 6
2 | 7
5 | 5
7 | 7

select id, (select count(*) from t y where y.a && x.a) from t x order by 1
---
id | count
1 | 3
2 | 0
3 | 3
4 | 0
5 | 3
6 | 0
7 | 1

update t set a = a || 9, j = j || '{"new": [1]}' where j @> '{"k": 17}' returning id, a, j
---
id | a | j
1 | {1,2,9} | {"k": 17, "new": [1], "name": "x"}

select id from t where a @> '{9}' or j ? 'new' order by 1
---
id
1

update t set id = id + 100 where a @> '{9}'
---
ok 1

insert into t (id, a) values (1, '{9}') on conflict (id) do update set a = '{5}'
---
ok 1

insert into t (id, a) values (1, '{9}') on conflict (id) do update set a = '{5}'
---
ok 1

select id from t where a && '{5,9}' order by 1
---
id
1
101

merge into t using (values (1, 6), (20, 6)) v (id, n) on t.id = v.id
when matched then update set a = array[n] when not matched then insert (id, a) values (v.id, array[n])
---
ok 2

select id from t where a = '{6}' order by 1
---
id
1
20

delete from t where a @> '{6}'
---
ok 2

select id from t where a && '{5,6,9}' order by 1
---
id
101

insert into t (id, tags) values (30, array[repeat('w', 5000), repeat('w', 5001)])
---
ok 1

select id from t where tags @> array[repeat('w', 5000)] order by 1
---
id
30

select id from t where tags @> array[repeat('w', 4999)] order by 1
---
id

create table u (like t including indexes)
---
ok 0

select indexdef from pg_indexes where tablename = 'u' and indexdef not like '%->%' order by 1
---
indexdef
CREATE INDEX u_a_idx ON public.u USING gin (a)
CREATE INDEX u_j_idx ON public.u USING gin (j)
CREATE INDEX u_j_idx1 ON public.u USING gin (j jsonb_path_ops)
CREATE INDEX u_tags_j_idx ON public.u USING gin (tags, j jsonb_path_ops)
CREATE UNIQUE INDEX u_pkey ON public.u USING btree (id)

alter table t rename column j to doc
---
ok 0

select pg_get_indexdef('t_path'::regclass), pg_get_indexdef('t_both'::regclass, 1, true)
---
pg_get_indexdef | pg_get_indexdef
CREATE INDEX t_path ON public.t USING gin (doc jsonb_path_ops) | tags

alter table t alter column a type bigint[] using a::bigint[]
---
ok 0

select id from t where a @> '{2}' order by 1
---
id
3
5
101

create type mood as enum ('sad', 'ok')
---
ok 0

create table m (id int primary key, moods mood[], n numeric[], d date[])
---
ok 0

create index on m using gin (moods, n, d)
---
ok 0

insert into m values (1, '{sad}', '{1.50,2}', '{2020-01-01}'), (2, '{ok,sad}', '{1.5}', '{}')
---
ok 2

select id from m where moods @> '{ok}' order by 1
---
id
2

select id from m where n @> '{1.500}' and d <@ '{2020-01-01,2021-01-01}' order by 1
---
id
1
2

drop index t_a, t_j
---
ok 0

select id from t where a @> '{2}' and doc ? 'x' order by 1
---
id
3

drop table t, u, m
---
ok 0

drop type mood
---
ok 0
