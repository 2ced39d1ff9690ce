// postgres (postgres.js): tagged queries in a pipeline, transactions and savepoints, cursors, COPY, dynamic columns.
const assert = require('node:assert');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const postgres = require('postgres');

async function main() {
  const sql = postgres({ max: 5, onnotice() {} });
  await sql`create table item (id int generated always as identity primary key, name text unique, n int, tags text[], data jsonb, at timestamptz default now())`;
  const rows = Array.from({ length: 50 }, (_, i) => ({ name: `n${i}`, n: i, tags: ['a', `t${i}`], data: { i } }));
  const inserted = await sql`insert into item ${sql(rows)} returning id, at`;
  assert.strictEqual(inserted.length, 50);
  assert(inserted[0].at instanceof Date);
  assert.deepStrictEqual([...await sql`select name, tags, data from item where id in ${sql([1, 3])} order by id`.values()],
    [['n0', ['a', 't0'], { i: 0 }], ['n2', ['a', 't2'], { i: 2 }]]);
  assert.strictEqual((await sql`select count(*)::int as c from item where n = any(${[1, 2, 77]})`)[0].c, 2);
  await sql`update item set ${sql({ name: 'changed', n: null }, 'name', 'n')} where id = 1`;
  assert.deepStrictEqual((await sql`select name, n from item where id = ${1}`)[0], { name: 'changed', n: null });
  const columns = ['id', 'name'];
  assert.deepStrictEqual(Object.keys((await sql`select ${sql(columns)} from ${sql('item')} limit 1`)[0]), columns);
  const all = await Promise.all(Array.from({ length: 200 }, (_, i) => sql`select ${i}::int as i`));
  assert(all.every((r, i) => r[0].i === i));

  await sql.begin('isolation level serializable', async (tx) => {
    await tx`insert into item (name) values ('kept')`;
    await tx.savepoint(async (s) => { await s`insert into item (name) values ('kept')`; }).catch((e) => assert.strictEqual(e.code, '23505'));
    await tx`insert into item (name) values ('kept too')`;
  });
  await assert.rejects(sql.begin(async (tx) => { await tx`delete from item`; throw new Error('no'); }), /no/);
  assert.strictEqual((await sql`select count(*)::int as c from item`)[0].c, 52);
  let seen = 0;
  await sql`select * from generate_series(1, 1000) g`.cursor(100, (part) => { seen += part.length; });
  assert.strictEqual(seen, 1000);
  await sql`select * from generate_series(1, 10) g`.forEach(() => { seen++; });
  assert.strictEqual(seen, 1010);
  await pipeline(Readable.from(['c1\t1\n', 'c2\t\\N\n']), await sql`copy item (name, n) from stdin`.writable());
  let text = '';
  for await (const chunk of await sql`copy (select name, n from item where name like 'c_' order by 1) to stdout`.readable()) text += chunk;
  assert.strictEqual(text, 'c1\t1\nc2\t\\N\n');
  assert.deepStrictEqual((await sql.unsafe('select 1 as a; select 2 as a')).map((r) => r[0].a), [1, 2]);
  const described = await sql`select id, name from item where id = ${1}`.describe();
  assert.deepStrictEqual(described.columns.map((c) => c.name), ['id', 'name']);
  await assert.rejects(sql`select ${'x'}::int`, (e) => e.code === '22P02');
  const slow = sql`select count(*) from generate_series(1, 1000000000)`;
  setTimeout(() => slow.cancel(), 200);
  await assert.rejects(slow, (e) => e.code === '57014');
  await sql.end();
}

main().catch((e) => { console.error(e); process.exit(1); });
