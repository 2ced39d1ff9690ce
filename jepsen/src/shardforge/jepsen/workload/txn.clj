(ns shardforge.jepsen.workload.txn
  "Transactions over lists and registers in several tables, for the workloads
  append, wr, long-fork and ddl. A key lives in the table that its number says,
  twice: as the primary key and under a secondary index; each read goes one way
  or the other."
  (:require [clojure.string :as str]
            [jepsen [client :as client]
                    [random :as rand]]
            [shardforge.jepsen.client :as c]))

(def table-count 3)

(defn table-for
  [k]
  (str "txn" (mod (hash k) table-count)))

(def tables
  (mapv #(str "txn" %) (range table-count)))

(defn schema
  "Statements that define the tables; values are of the given SQL type."
  [type]
  (mapcat (fn [table]
            [(str "CREATE TABLE IF NOT EXISTS " table
                  " (id int PRIMARY KEY, sk int NOT NULL, val " type ")")
             (str "CREATE INDEX IF NOT EXISTS " table "_sk ON " table " (sk)")])
          tables))

(defn parse-list
  [s]
  (when s
    (mapv parse-long (str/split s #","))))

(defn read-value
  "The value of a key, by primary key or by the index."
  [conn k]
  (let [column (if (< (rand/double) 0.7) "id" "sk")
        rows   (c/query conn [(str "SELECT val FROM " (table-for k)
                                   " WHERE " column " = ?") k])]
    (when (< 1 (count rows))
      (throw (IllegalStateException.
               (str "key " k " is there " (count rows) " times"))))
    (:val (first rows))))

(defn put!
  "Gives a key a value: with ON CONFLICT, or by an UPDATE and, if that finds
  nothing, an INSERT. Change is what is done to a value that is there."
  [conn k v change]
  (let [table (table-for k)]
    (if (< (rand/double) 0.5)
      (c/execute conn [(str "INSERT INTO " table " AS t (id, sk, val)"
                            " VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET val = "
                            (change "t.val"))
                       k k v v])
      (when (zero? (c/execute conn [(str "UPDATE " table " SET val = "
                                         (change "val") " WHERE id = ?")
                                    v k]))
        (c/execute conn [(str "INSERT INTO " table " (id, sk, val)"
                              " VALUES (?, ?, ?)")
                         k k v])))))

(defn mop!
  "Does one step of a transaction; returns it completed."
  [conn [f k v :as mop]]
  (case f
    :r      [f k (read-value conn k)]
    :w      (do (put! conn k v (constantly "?")) mop)
    :append (do (put! conn k (str v) #(str % " || ',' || ?")) mop)))

(defn parse-mop
  [[f k v :as mop]]
  (if (and (= :r f) (string? v))
    [f k (parse-list v)]
    mop))

(defn single-statement?
  "Can this transaction go without BEGIN? A read always, a write if it is one
  statement for sure."
  [txn]
  (and (= 1 (count txn))
       (= :r (ffirst txn))))

(defn txn!
  "Runs a transaction; returns it completed."
  [conn txn]
  (mapv parse-mop
        (if (and (single-statement? txn)
                 (< (rand/double) 0.5))
          [(mop! conn (first txn))]
          (c/with-txn [tx conn]
            (mapv (partial mop! tx) txn)))))

(defn read-only?
  [txn]
  (every? (comp #{:r} first) txn))

(defn invoke-txn
  "Completes an operation whose value is a transaction."
  [session op]
  (c/invoke session op (read-only? (:value op))
            (fn [conn]
              (assoc op :type :ok, :value (txn! conn (:value op))))))

(defrecord Client [type session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking Client
      (c/setup-schema! test (first (:nodes test)) (schema type))))

  (invoke! [this test op]
    (invoke-txn session op))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn client
  "A client whose values are of the given SQL type."
  [type]
  (Client. type nil))
