(ns shardforge.jepsen.workload.monotonic
  "Every transaction finds the largest value in several tables and adds the one
  after it to one of them: no value comes twice, and values grow with real
  time."
  (:require [clojure.string :as str]
            [jepsen [checker :as checker]
                    [client :as client]
                    [generator :as gen]
                    [history :as h]
                    [random :as rand]]
            [shardforge.jepsen.client :as c]))

(def tables
  (mapv #(str "mono" %) (range 3)))

(def largest
  (->> tables
       (map #(str "SELECT max(val) AS val FROM " %))
       (str/join " UNION ALL ")
       (format "SELECT coalesce(max(val), 0) AS val FROM (%s) AS m")))

(def all
  (->> tables
       (map #(str "SELECT val, sts FROM " %))
       (str/join " UNION ALL ")
       (format "SELECT val, sts FROM (%s) AS m ORDER BY val")))

(defrecord Client [session]
  client/Client
  (open! [this test node]
    (assoc this :session (c/session test node)))

  (setup! [this test]
    (locking Client
      (c/setup-schema!
        test (first (:nodes test))
        (map #(str "CREATE TABLE IF NOT EXISTS " %
                   " (val int PRIMARY KEY, sts bigint NOT NULL)")
             tables))))

  (invoke! [this test op]
    (c/invoke
      session op (= :read (:f op))
      (fn [conn]
        (case (:f op)
          ; A row's place in the order of the database is its value: there is
          ; nothing in SQL that says more about it.
          :add
          (assoc op
                 :type  :ok
                 :value (c/with-txn [tx conn]
                          (let [v (inc (:val (first (c/query tx [largest]))))]
                            (c/execute tx [(str "INSERT INTO " (rand/nth tables)
                                                " (val, sts) VALUES (?, ?)") v v])
                            {:val v, :sts v})))

          :read
          (assoc op
                 :type  :ok
                 :value (mapv #(select-keys % [:val :sts]) (c/query conn [all])))))))

  (teardown! [this test])

  (close! [this test]
    (c/release! session)))

(defn stale-adds
  "Pairs of additions of which the later, which began when the earlier had been
  acknowledged, has a value that is not greater. A sweep over the history: the
  largest acknowledged value so far against what was open since."
  [history]
  (loop [ops     (seq history)
         largest nil ; of acknowledged additions
         floor   {}  ; process -> largest when it began
         errs    []]
    (if-let [op (first ops)]
      (let [{:keys [type process value]} op]
        (case type
          :invoke (recur (next ops) largest (assoc floor process largest) errs)
          :ok     (let [before (get floor process)
                        larger (if (or (nil? largest)
                                       (< (:val (:value largest)) (:val value)))
                                 op
                                 largest)]
                    (recur (next ops) larger (dissoc floor process)
                           (if (and before (<= (:val value) (:val (:value before))))
                             (conj errs [before op])
                             errs)))
          (recur (next ops) largest (dissoc floor process) errs)))
      errs)))

(defn missing
  "Reads that lack values which were acknowledged before they began."
  [history]
  (loop [ops   (seq history)
         acked #{}
         floor {}
         errs  []]
    (if-let [{:keys [type f process value] :as op} (first ops)]
      (cond
        (= :invoke type)
        (recur (next ops) acked (assoc floor process acked) errs)

        (and (= :ok type) (= :add f))
        (recur (next ops) (conj acked (:val value)) (dissoc floor process) errs)

        (and (= :ok type) (= :read f))
        (let [found (into #{} (map :val) value)
              lost  (remove found (get floor process))]
          (recur (next ops) acked (dissoc floor process)
                 (if (seq lost)
                   (conj errs {:op (dissoc op :value), :missing (vec (sort lost))})
                   errs)))

        true
        (recur (next ops) acked (dissoc floor process) errs))
      errs)))

(defn holes
  "Reads with a value twice, or with a value but not the one before it: whoever
  added it had seen that."
  [reads]
  (keep (fn [op]
          (let [vals (map :val (:value op))]
            (when-not (= vals (range 1 (inc (count vals))))
              {:op (dissoc op :value), :values (vec vals)})))
        reads))

(defn check-history
  "The verdict on a history of the clients' operations; strict is whether
  values must grow with real time."
  [strict history]
  (let [adds  (h/filter (h/has-f? :add) history)
        oks   (h/oks adds)
        reads (h/oks (h/filter (h/has-f? :read) history))
        twice (->> oks (map (comp :val :value)) frequencies (filter #(< 1 (val %))))
        stale (when strict (stale-adds adds))
        gone  (when strict (missing history))
        holes (holes reads)]
    {:valid?      (and (empty? twice) (empty? stale) (empty? gone) (empty? holes))
     :add-count   (count oks)
     :read-count  (count reads)
     :twice       (take 8 twice)
     :stale-count (count stale)
     :stale       (take 8 stale)
     :missing     (take 8 gone)
     :holes       (take 8 holes)}))

(defn monotonic-checker
  []
  (reify checker/Checker
    (check [_ test history _]
      (check-history (= :serializable (:isolation test))
                     (h/client-ops history)))))

(defn workload
  [_]
  {:client          (Client. nil)
   :checker         (monotonic-checker)
   :generator       (gen/mix [(gen/repeat {:f :add})
                              (gen/repeat {:f :add})
                              (gen/repeat {:f :add})
                              (gen/repeat {:f :read})])
   :final-generator (gen/each-thread (gen/until-ok (gen/repeat {:f :read})))})
