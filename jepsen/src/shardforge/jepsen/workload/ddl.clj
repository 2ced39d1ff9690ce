(ns shardforge.jepsen.workload.ddl
  "The transactions of append while the tables under them are changed: columns
  and indexes come and go, and so do other tables. At the end, what the indexes
  say must be what the tables say."
  (:require [jepsen [checker :as checker]
                    [client :as client]
                    [generator :as gen]
                    [history :as h]
                    [random :as rand]]
            [shardforge.jepsen.client :as c]
            [shardforge.jepsen.workload.append :as append]
            [shardforge.jepsen.workload.txn :as txn]))

(defn change
  "A statement that changes the schema."
  []
  (let [table (rand/nth txn/tables)
        n     (rand/long 3)]
    (rand/nth
      [(str "ALTER TABLE " table " ADD COLUMN IF NOT EXISTS extra" n " int DEFAULT " n)
       (str "ALTER TABLE " table " ADD COLUMN IF NOT EXISTS extra" n " text NOT NULL DEFAULT 'x'")
       (str "ALTER TABLE " table " DROP COLUMN IF EXISTS extra" n)
       (str "CREATE INDEX IF NOT EXISTS " table "_more" n " ON " table " (sk, id)")
       (str "DROP INDEX IF EXISTS " table "_more" n)
       (str "CREATE UNIQUE INDEX IF NOT EXISTS " table "_unique ON " table " (sk)")
       (str "DROP INDEX IF EXISTS " table "_unique")
       (str "CREATE TABLE IF NOT EXISTS other" n " (id int PRIMARY KEY)")
       (str "DROP TABLE IF EXISTS other" n)])))

(defn verify
  "Compares, in one transaction, what each table holds with what is found by
  its index; returns what differs."
  [conn]
  (c/with-txn [tx conn]
    (vec
      (for [table txn/tables
            :let  [rows (c/query tx [(str "SELECT id, sk, val FROM " table " ORDER BY id")])]
            row   rows
            :let  [found (map #(select-keys % [:id :sk :val])
                              (c/query tx [(str "SELECT id, sk, val FROM " table
                                                " WHERE sk = ?")
                                           (:sk row)]))]
            :when (not= [row] found)]
        {:table table, :row row, :found found}))))

(defrecord Client [session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking Client
      (c/setup-schema! test (first (:nodes test)) (txn/schema "text"))))

  (invoke! [this test op]
    (case (:f op)
      :txn    (txn/invoke-txn session op)
      :ddl    (c/invoke session op false
                        (fn [conn]
                          (c/execute conn [(:value op)])
                          (assoc op :type :ok)))
      :verify (c/invoke session op true
                        (fn [conn]
                          (assoc op :type :ok, :value (verify conn))))))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn only
  "A checker of the operations with this f."
  [f checker]
  (reify checker/Checker
    (check [_ test history opts]
      (checker/check checker test
                     (h/filter #(or (= f (:f %)) (= :nemesis (:process %))) history)
                     opts))))

(defn indexes
  "No :verify may have found a difference, and one must have been made."
  []
  (reify checker/Checker
    (check [_ _ history _]
      (let [checks  (->> history (h/filter (h/has-f? :verify)) h/oks)
            differs (filter (comp seq :value) checks)]
        {:valid?  (cond (seq differs)  false
                        (empty? checks) :unknown
                        true           true)
         :checks  (count checks)
         :differs (take 4 differs)}))))

(defn workload
  [opts]
  (let [append (append/workload opts)]
    {:client          (Client. nil)
     :generator       (gen/any (:generator append)
                               (gen/delay (:ddl-interval opts 1)
                                          (fn [_ _] {:f :ddl, :value (change)})))
     :final-generator (gen/until-ok (gen/repeat {:f :verify}))
     :checker         (checker/compose
                        {:txn     (only :txn (:checker append))
                         :indexes (indexes)})}))
