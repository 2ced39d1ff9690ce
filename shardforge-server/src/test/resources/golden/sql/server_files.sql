create table filed (a int, b text)
---
ok 0

copy filed from '/dev/null'
---
ok 0

copy filed (a) from '/dev/null' with (format csv, header)
---
ok 0

copy filed from '/'
---
ERROR 42809: "/" is a directory

copy filed from '/no/such/file'
---
ERROR 58P01: could not open file "/no/such/file" for reading: No such file or directory
hint COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \copy.

copy filed from 'no-such-file'
---
ERROR 58P01: could not open file "no-such-file" for reading: No such file or directory
hint COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \copy.

insert into filed values (1, 'x'), (2, null), (3, 'a,"b')
---
ok 3

copy filed to 'relative'
---
ERROR 42602: relative path not allowed for COPY to file

copy filed to '/no/such/file'
---
ERROR 58P01: could not open file "/no/such/file" for writing: No such file or directory
hint COPY TO instructs the PostgreSQL server process to write a file. You may want a client-side facility such as psql's \copy.

copy filed to '/dev/null' with (format csv, header)
---
ok 3

copy (select a * 2, b from filed where a > 1) to '/dev/null'
---
ok 2

copy filed from '/dev/null' where a > 2 or b is null
---
ok 0

copy filed from '/dev/null' where a
---
ERROR 42804: argument of WHERE must be type boolean, not type integer
at 35

copy filed from '/dev/null' where nothing > 1
---
ERROR 42703: column "nothing" does not exist
at 35

copy filed from '/dev/null' where a in (select 1)
---
ERROR 0A000: cannot use subquery in COPY FROM WHERE condition
at 37

copy filed from '/dev/null' where count(*) > 1
---
ERROR 42803: aggregate functions are not allowed in COPY FROM WHERE conditions
at 35

copy filed to '/dev/null' where a > 1
---
ERROR 42601: WHERE clause not allowed with COPY TO
at 27

drop table filed
---
ok 0
