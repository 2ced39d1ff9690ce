create table ip (i int primary key with (fillfactor = 71), t text, v varchar(10), c char(4), n name, a int[], unique (t) with (fillfactor = 72, deduplicate_items = off)) with (fillfactor = 73, autovacuum_enabled = off)
---
ok 0

create index ip_t on ip (t text_pattern_ops desc nulls last, lower(t) text_pattern_ops) with (fillfactor = 50) where i > 0
---
ok 0

create index ip_v on ip (v varchar_pattern_ops, t varchar_ops) with (deduplicate_items)
---
ok 0

create index ip_usual on ip (v text_ops, i pg_catalog.int4_ops, c bpchar_ops, n name_ops, a array_ops)
---
ok 0

create index ip_c on ip (c bpchar_pattern_ops)
---
ok 0

create index on ip (i text_pattern_ops)
---
ERROR 42804: operator class "text_pattern_ops" does not accept data type integer

create index on ip (t int4_ops)
---
ERROR 42804: operator class "int4_ops" does not accept data type text

create index on ip (c text_pattern_ops)
---
ERROR 42804: operator class "text_pattern_ops" does not accept data type character

create index on ip (i int8_ops)
---
ERROR 42804: operator class "int8_ops" does not accept data type integer

create index on ip (i missing_ops)
---
ERROR 42704: operator class "missing_ops" does not exist for access method "btree"

create index on ip (i public.int4_ops)
---
ERROR 42704: operator class "public.int4_ops" does not exist for access method "btree"

create index on ip (t text_pattern_ops (option = 1))
---
ERROR 22023: operator class text_pattern_ops has no options

create index on ip (t) include (v text_ops)
---
ERROR 42P17: including column does not support an operator class

create index on ip (t) with (fillfactor = 5)
---
ERROR 22023: value 5 out of bounds for option "fillfactor"
detail Valid values are between "10" and "100".

create index on ip (t) with (missing = 5)
---
ERROR 22023: unrecognized parameter "missing"

select relname, reloptions from pg_class where relname like 'ip%' order by 1
---
relname | reloptions
ip | {fillfactor=73,autovacuum_enabled=off}
ip_c | NULL
ip_pkey | {fillfactor=71}
ip_t | {fillfactor=50}
ip_t_key | {fillfactor=72,deduplicate_items=off}
ip_usual | NULL
ip_v | {deduplicate_items=true}

select indexdef from pg_indexes where tablename = 'ip' order by 1
---
indexdef
CREATE INDEX ip_c ON public.ip USING btree (c bpchar_pattern_ops)
CREATE INDEX ip_t ON public.ip USING btree (t text_pattern_ops DESC NULLS LAST, lower(t) text_pattern_ops) WITH (fillfactor='50') WHERE (i > 0)
CREATE INDEX ip_usual ON public.ip USING btree (v, i, c, n, a)
CREATE INDEX ip_v ON public.ip USING btree (v varchar_pattern_ops, t varchar_ops) WITH (deduplicate_items='true')
CREATE UNIQUE INDEX ip_pkey ON public.ip USING btree (i) WITH (fillfactor='71')
CREATE UNIQUE INDEX ip_t_key ON public.ip USING btree (t) WITH (fillfactor='72', deduplicate_items=off)

select indexrelid::regclass, (select array_agg(opcname order by o) from unnest(indclass) with ordinality u(oid, o) join pg_opclass p on p.oid = u.oid) from pg_index where indrelid = 'ip'::regclass order by 1::text
---
indexrelid | array_agg
ip_pkey | {int4_ops}
ip_t_key | {text_ops}
ip_t | {text_pattern_ops,text_pattern_ops}
ip_v | {varchar_pattern_ops,varchar_ops}
ip_usual | {text_ops,int4_ops,bpchar_ops,name_ops,array_ops}
ip_c | {bpchar_pattern_ops}

select pg_get_indexdef('ip_t'::regclass, 1, true), pg_get_indexdef('ip_t'::regclass, 2, true), pg_get_indexdef('ip_t'::regclass, 0, true)
---
pg_get_indexdef | pg_get_indexdef | pg_get_indexdef
t | lower(t) | CREATE INDEX ip_t ON ip USING btree (t text_pattern_ops DESC NULLS LAST, lower(t) text_pattern_ops) WITH (fillfactor='50') WHERE i > 0

select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'ip'::regclass order by 1
---
conname | pg_get_constraintdef
ip_pkey | PRIMARY KEY (i)
ip_t_key | UNIQUE (t)

alter index ip_t set (fillfactor = 60)
---
ok 0

alter index ip_t set (deduplicate_items = off, fillfactor = 61)
---
ok 0

alter index ip_v reset (deduplicate_items)
---
ok 0

alter index ip_v reset (fillfactor = 3)
---
ERROR 42601: RESET must not include values for parameters

alter table ip set (fillfactor = 80, parallel_workers = 3)
---
ok 0

alter table ip reset (autovacuum_enabled)
---
ok 0

select relname, reloptions from pg_class where relname like 'ip%' order by 1
---
relname | reloptions
ip | {fillfactor=80,parallel_workers=3}
ip_c | NULL
ip_pkey | {fillfactor=71}
ip_t | {deduplicate_items=off,fillfactor=61}
ip_t_key | {fillfactor=72,deduplicate_items=off}
ip_usual | NULL
ip_v | NULL

select o.* from pg_class, pg_options_to_table(reloptions) o where relname = 'ip_t'
---
option_name | option_value
deduplicate_items | off
fillfactor | 61

create table ip_like (like ip including all)
---
ok 0

select relname, reloptions from pg_class where relname like 'ip\_like%' order by 1
---
relname | reloptions
ip_like | NULL
ip_like_c_idx | NULL
ip_like_pkey | {fillfactor=71}
ip_like_t_key | {fillfactor=72,deduplicate_items=off}
ip_like_t_lower_idx | {deduplicate_items=off,fillfactor=61}
ip_like_v_i_c_n_a_idx | NULL
ip_like_v_t_idx | NULL

select indexdef from pg_indexes where tablename = 'ip_like' order by 1
---
indexdef
CREATE INDEX ip_like_c_idx ON public.ip_like USING btree (c bpchar_pattern_ops)
CREATE INDEX ip_like_t_lower_idx ON public.ip_like USING btree (t text_pattern_ops DESC NULLS LAST, lower(t) text_pattern_ops) WITH (deduplicate_items=off, fillfactor='61') WHERE (i > 0)
CREATE INDEX ip_like_v_i_c_n_a_idx ON public.ip_like USING btree (v, i, c, n, a)
CREATE INDEX ip_like_v_t_idx ON public.ip_like USING btree (v varchar_pattern_ops, t varchar_ops)
CREATE UNIQUE INDEX ip_like_pkey ON public.ip_like USING btree (i) WITH (fillfactor='71')
CREATE UNIQUE INDEX ip_like_t_key ON public.ip_like USING btree (t) WITH (fillfactor='72', deduplicate_items=off)

alter table ip alter column v type int using 1
---
ERROR 42804: operator class "varchar_pattern_ops" does not accept data type integer

drop index ip_t
---
ok 0

alter table ip alter column v type text
---
ok 0

select indexdef from pg_indexes where indexname = 'ip_v'
---
indexdef
CREATE INDEX ip_v ON public.ip USING btree (v varchar_pattern_ops, t varchar_ops)

create unique index ip_key on ip (n) with (fillfactor = 33)
---
ok 0

alter table ip add constraint ip_named unique using index ip_key
---
notice ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "ip_key" to "ip_named"
ok 0

select relname, reloptions from pg_class where relname = 'ip_named'
---
relname | reloptions
ip_named | {fillfactor=33}

reindex index ip_c
---
ok 0

select indexdef from pg_indexes where indexname = 'ip_c'
---
indexdef
CREATE INDEX ip_c ON public.ip USING btree (c bpchar_pattern_ops)

drop table ip, ip_like
---
ok 0

select datname, datistemplate, datallowconn and datname <> 'template1', encoding, datacl::text like '{=c/%' from pg_database where datname like 'template_' order by 1
---
datname | datistemplate | ?column? | encoding | ?column?
template0 | t | f | 6 | t
template1 | t | f | 6 | t

select has_database_privilege('template0', 'connect'), has_database_privilege(1, 'create')
---
has_database_privilege | has_database_privilege
t | t

create database template1
---
ERROR 42P04: database "template1" already exists

drop database template0
---
ERROR 42809: cannot drop a template database

drop database if exists template1
---
ERROR 42809: cannot drop a template database
