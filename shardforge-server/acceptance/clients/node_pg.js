// pg (node-postgres): parameters and types, prepared statements, a pool, errors, cursors in streams of rows.
const assert = require('node:assert');
const { Client, Pool, types } = require('pg');

async function main() {
  const client = new Client();
  await client.connect();
  const notices = [];
  client.on('notice', (n) => notices.push(n.message));
  await client.query('drop table if exists item');
  assert.deepStrictEqual(notices, ['table "item" does not exist, skipping']);
  await client.query(`create table item (id serial primary key, name text unique, n int8, price numeric(8,2), at timestamptz,
    tags text[], data jsonb, raw bytea, ok boolean, day date)`);
  const at = new Date('2024-02-29T10:11:12.345Z');
  const inserted = await client.query(
    'insert into item (name, n, price, at, tags, data, raw, ok) values ($1, $2, $3, $4, $5, $6, $7, $8) returning *',
    ['one', '9007199254740993', '1.50', at, ['a', 'b"c'], { k: [1, null] }, Buffer.from([0, 255]), true]);
  const row = inserted.rows[0];
  assert.strictEqual(row.n, '9007199254740993');
  assert.strictEqual(row.price, '1.50');
  assert.strictEqual(row.at.getTime(), at.getTime());
  assert.deepStrictEqual(row.tags, ['a', 'b"c']);
  assert.deepStrictEqual(row.data, { k: [1, null] });
  assert.deepStrictEqual([...row.raw], [0, 255]);
  assert.deepStrictEqual(inserted.fields.slice(0, 2).map((f) => f.dataTypeID), [types.builtins.INT4, types.builtins.TEXT]);
  for (let i = 0; i < 20; i++) {
    const found = await client.query({ name: 'by-name', text: 'select id from item where name = $1', values: ['one'] });
    assert.strictEqual(found.rows[0].id, 1);
  }
  const many = await client.query('select 1 as a; select 2 as b, 3 as c');
  assert.deepStrictEqual(many.map((r) => r.rows), [[{ a: 1 }], [{ b: 2, c: 3 }]]);
  await assert.rejects(client.query("insert into item (name) values ('one')"),
    (e) => e.code === '23505' && e.constraint === 'item_name_key' && e.table === 'item' && e.detail.includes('(name)=(one)'));
  await assert.rejects(client.query('select * from nothing'), (e) => e.code === '42P01' && e.position === '15');
  await assert.rejects(client.query('select $1::int', ['x']), (e) => e.code === '22P02');
  const wide = await client.query({ text: 'select g, g * 2 from generate_series(1, 5000) g', rowMode: 'array' });
  assert.strictEqual(wide.rows.length, 5000);
  assert.deepStrictEqual(wide.rows[4999], [5000, 10000]);
  await client.query('begin');
  await client.query("insert into item (name) select 'n' || g from generate_series(1, $1::int) g", [100]);
  await client.query('rollback');
  assert.strictEqual((await client.query('select count(*)::int as n from item')).rows[0].n, 1);
  await client.end();

  const pool = new Pool({ max: 8 });
  await Promise.all(Array.from({ length: 100 }, (_, i) =>
    pool.query('insert into item (name, n) values ($1, $2) on conflict (name) do update set n = excluded.n + item.n', [`p${i % 10}`, 1])));
  assert.deepStrictEqual((await pool.query("select distinct n::int from item where name like 'p%'")).rows, [{ n: 10 }]);
  await pool.end();
}

main().catch((e) => { console.error(e); process.exit(1); });
