create table replaced (a int, b int, constraint replaced_key primary key (a), constraint replaced_u unique (b))
---
ok 0

insert into replaced values (1, 2), (2, 3)
---
ok 2

alter table replaced drop constraint replaced_key, add constraint replaced_key primary key (b)
---
ok 0

alter table replaced drop constraint replaced_key, add primary key (a, b)
---
ok 0

alter table replaced drop constraint replaced_pkey, add primary key (a)
---
ok 0

alter table replaced drop constraint replaced_u, add constraint replaced_u unique (b, a)
---
ok 0

select indexname, indexdef from pg_indexes where tablename = 'replaced' order by 1
---
indexname | indexdef
replaced_pkey | CREATE UNIQUE INDEX replaced_pkey ON public.replaced USING btree (a)
replaced_u | CREATE UNIQUE INDEX replaced_u ON public.replaced USING btree (b, a)

insert into replaced values (1, 5)
---
ERROR 23505: duplicate key value violates unique constraint "replaced_pkey"
detail Key (a)=(1) already exists.

drop table replaced
---
ok 0
