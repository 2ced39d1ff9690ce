(ns shardforge.jepsen.client
  "Connections to a node over pgjdbc, and what an error says about the fate of
  the operation that met it."
  (:require [clojure.tools.logging :refer [info]]
            [jepsen.util :refer [meh]]
            [next.jdbc :as j]
            [next.jdbc.result-set :as rs]
            [shardforge.jepsen.db :as db])
  (:import (clojure.lang ExceptionInfo)
           (java.sql Connection SQLException)))

(def levels
  "Isolation levels by their names on the command line."
  {:serializable    Connection/TRANSACTION_SERIALIZABLE
   :repeatable-read Connection/TRANSACTION_REPEATABLE_READ
   :read-committed  Connection/TRANSACTION_READ_COMMITTED})

(defn connect
  "Opens a connection to one node, at the isolation level of the test."
  ^Connection [test node]
  (let [conn (j/get-connection
               {:dbtype         "postgresql"
                :host           node
                :port           db/pg-port
                :dbname         "shardforge"
                :user           "shardforge"
                :sslmode        "disable"
                :connectTimeout 5
                :loginTimeout   8
                :socketTimeout  (:statement-timeout test 10)
                ; Prepared at once, so that plans are kept across changes of
                ; the schema and found stale.
                :prepareThreshold 3})]
    (try
      (.setTransactionIsolation ^Connection conn
                                (int (get levels (:isolation test))))
      conn
      (catch Throwable t
        (meh (.close ^Connection conn))
        (throw t)))))

(defprotocol Session
  "A client's connection, which is opened when it is needed and given up when
  it is lost."
  (acquire! [s] "The connection; opens it if there is none.")
  (release! [s] "Closes the connection, if there is one."))

(defn session
  "A session with a node. Nothing is opened yet."
  [test node]
  (let [conn (atom nil)]
    (reify Session
      (acquire! [_]
        (or @conn
            (reset! conn (connect test node))))

      (release! [_]
        (when-let [c @conn]
          (reset! conn nil)
          (meh (.close ^Connection c)))))))

(defn query
  "Rows as maps with unqualified keys."
  [conn statement]
  (j/execute! conn statement {:builder-fn rs/as-unqualified-lower-maps}))

(defn execute
  "Runs a statement; returns the number of rows that it changed."
  [conn statement]
  (:next.jdbc/update-count (j/execute-one! conn statement)))

(defn transact
  "Calls `(f conn)` in a transaction and commits it. Whatever goes wrong before
  COMMIT is sent is thrown as an ExceptionInfo of type ::aborted: such a
  transaction has no effect, whatever the error was."
  [^Connection conn f]
  (.setAutoCommit conn false)
  (let [res (try (f conn)
                 (catch SQLException e
                   (meh (.rollback conn))
                   (meh (.setAutoCommit conn true))
                   (throw (ex-info "aborted" {:type ::aborted} e)))
                 (catch ExceptionInfo e
                   ; Gave up by itself.
                   (meh (.rollback conn))
                   (meh (.setAutoCommit conn true))
                   (throw e)))]
    (.commit conn)
    (.setAutoCommit conn true)
    res))

(defmacro with-txn
  "Evaluates body in a transaction, with tx bound to the connection."
  [[tx conn] & body]
  `(transact ~conn (fn [~tx] ~@body)))

(def definite
  "SQLSTATEs (or classes, by their first two characters) of statements and
  commits that had no effect."
  #{"40001"    ; serialization failure
    "40P01"    ; deadlock
    "55P03"    ; lock not available
    "25P02"    ; in failed transaction
    "57P03"    ; not yet taking connections
    "53300"    ; too many connections
    "0A" "22" "23" "42"})

(def unreachable
  "SQLSTATEs of connections that were never made."
  #{"08001" "08004"})

(defn definite?
  "Does this error say that nothing happened?"
  [^SQLException e]
  (let [state (or (.getSQLState e) "00000")]
    (or (contains? definite state)
        (contains? definite (subs state 0 2))
        (contains? unreachable state))))

(defn lost?
  "Is the connection of no use after this error?"
  [^SQLException e]
  (let [state (or (.getSQLState e) "00000")]
    (or (= "08" (subs state 0 2))
        (contains? #{"57P01" "57P02" "57P03" "XX000"} state))))

(defn explain
  [^SQLException e]
  [(.getSQLState e) (.getMessage e)])

(defn invoke
  "Calls `(f conn)` with the session's connection; it returns the completed
  operation. Turns errors into completions: :fail if the operation certainly
  had no effect (one that `reads?` only never has), else :info."
  [session op reads? f]
  (letfn [(complete [^SQLException e definite?]
            (when (lost? e)
              (release! session)
              ; Nodes that are down answer at once; this is no way to spend a
              ; test.
              (Thread/sleep 200))
            (assoc op
                   :type  (if (or definite? reads?) :fail :info)
                   :error (explain e)))]
    (try
      (let [conn (try (acquire! session)
                      (catch SQLException e e))]
        (if (instance? SQLException conn)
          (do (Thread/sleep 500)
              (assoc op :type :fail, :error [:no-connection (.getMessage ^SQLException conn)]))
          (f conn)))
      (catch SQLException e
        (let [completed (complete e (definite? e))]
          ; A COMMIT that failed leaves the connection as it was.
          (release! session)
          completed))
      (catch ExceptionInfo e
        (case (:type (ex-data e))
          ::aborted (complete (ex-cause e) true)
          ::refused (assoc op :type :fail, :error (:error (ex-data e)))
          (throw e))))))

(defn refuse!
  "Ends a transaction from within: the operation fails with this error."
  [error]
  (throw (ex-info "refused" {:type ::refused, :error error})))

(defn set-up!
  "Calls `(f conn)` with a new connection to a node, again and again until it
  throws nothing: clusters that have just been made may be slow. What it does
  can be done twice."
  [test node f]
  (loop [tries 60]
    (let [failure (try
                    (with-open [conn (connect test node)]
                      (f conn))
                    nil
                    (catch SQLException e e)
                    (catch ExceptionInfo e
                      (if (= ::aborted (:type (ex-data e)))
                        e
                        (throw e))))]
      (when failure
        (when (zero? tries) (throw failure))
        (info "Not set up yet:" (ex-message (or (ex-cause failure) failure)))
        (Thread/sleep 1000)
        (recur (dec tries))))))

(defn setup-schema!
  "Runs statements that define the tables of a test, until the cluster is up and
  has taken them all. They run at READ COMMITTED: ShardForge refuses a change
  that reads existing rows at REPEATABLE READ."
  [test node statements]
  (set-up! (assoc test :isolation :read-committed) node
           (fn [conn]
             (doseq [s statements]
               (execute conn [s])))))
