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

drop table filed
---
ok 0
