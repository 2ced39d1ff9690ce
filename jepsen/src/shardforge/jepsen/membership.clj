(ns shardforge.jepsen.membership
  "Nodes leave and others join. A node is decommissioned through another one,
  and once it is empty it is stopped and wiped; later its host gets a new node.
  Nothing here waits for replicas to move: other faults come meanwhile."
  (:require [jepsen [control :as c]
                    [random :as rand]]
            [jepsen.nemesis.membership :as membership]
            [jepsen.nemesis.membership.state :as state]
            [clj-commons.slingshot :refer [try+]]
            [shardforge.jepsen [client :as client]
                               [db :as db]])
  (:import (java.sql SQLException)))

(def whole-again-seconds
  "How long the end of a test waits for all hosts to have nodes again."
  180)

(defn possible?
  "Can a node of so many be spared at all?"
  [nodes]
  (< db/replication-factor (count nodes)))

(defn rows
  "What a node says about all of them; nil if it says nothing."
  [test node]
  (try
    (with-open [conn (client/connect (assoc test :isolation :read-committed) node)]
      (vec (client/query conn ["select node_id, address, state, replicas
                                from shardforge.nodes"])))
    (catch SQLException _ nil)))

(defn row-of
  "A node's line in a view, by its id."
  [view id]
  (first (filter (comp #{id} :node_id) (:rows view))))

(defn member
  "The line of the node that a host has in a view, if it is to stay in the
  cluster. The one before may still be listed at the same address."
  [view host]
  (->> (:rows view)
       (filter #(and (= (db/address host db/node-port) (:address %))
                     (#{"live" "dead"} (:state %))))
       (sort-by :node_id)
       last))

(defn staying
  "Hosts whose nodes are members and were not asked to leave."
  [{:keys [view away]} test]
  (filter #(and (not (away %)) (member view %)) (:nodes test)))

(defn empty-row?
  "Does this line say that the node has given everything away, for good? One
  that is down as well is not listed: then nothing is known."
  [row]
  (and (= "decommissioned" (:state row))
       (zero? (:replicas row))))

(defn next-ops
  "What may be done to a host that is on its way out."
  [view [host {:keys [phase id since]}]]
  (if (= :gone phase)
    [{:f :join, :value host}]
    ; A view from before it was asked says nothing.
    (when (< since (:at view))
      (let [row (row-of view id)]
        (cond (empty-row? row)                [{:f :remove, :value host}]
              (#{"live" "dead"} (:state row)) [{:f :leave, :value host}])))))

(defn tell!
  "Has some node that stays carry out a command about another one. Returns what
  it printed last, or why it failed: then it may have been carried out or not."
  [state test verb host id & args]
  (let [through (rand/nth (vec (or (seq (staying (update state :away assoc host {}) test))
                                   (remove #{host} (:nodes test)))))]
    (try+
      {:through through
       :said    (last (re-seq #"[^\n]+"
                              (or (apply db/node-command! test through verb id args) "")))}
      (catch [:type :jepsen.control/nonzero-exit] e
        {:through through
         :failed  (or (last (re-seq #"[^\n]+" (str (:err e))))
                      (:exit e)
                      :killed)}))))

(defn leave!
  [{:keys [view away] :as state} test host]
  (let [id     (get-in away [host :id] (:node_id (member view host)))
        answer (tell! state test :decommission host id :--no-wait)]
    [answer (assoc-in state [:away host]
                      {:phase :leaving, :id id, :since (System/nanoTime)})]))

(defn remove!
  "Stops and wipes a node. Views that make this an operation to choose are from
  after the node was asked to leave, and nobody takes that back before the end."
  [{:keys [db] :as state} test host]
  [(c/on-nodes test [host] (partial db/remove! db))
   (assoc-in state [:away host :phase] :gone)])

(defn join!
  "Brings a host's node back: a new one, or the one that had not left yet."
  [{:keys [db] :as state} test host]
  (let [{:keys [phase id]} (get-in state [:away host])
        back               (update state :away dissoc host)]
    (case phase
      :gone    [(c/on-nodes test [host] (partial db/join! db)) back]
      :leaving (let [answer (tell! state test :recommission host id)]
                 [answer (if (:failed answer) state back)])
      nil      [:member state])))

(defn join-all!
  "Brings back what is away, and waits until every host has a node that is up
  and a member. Returns how long that took, or what the last view was; and the
  state."
  [state test]
  (let [began (System/nanoTime)]
    (loop [state state]
      (let [state   (reduce (fn [state host] (second (join! state test host)))
                            state
                            (keys (:away state)))
            view    {:rows (some (partial rows test) (rand/shuffle (:nodes test)))}
            missing (remove #(= "live" (:state (member view %))) (:nodes test))
            seconds (quot (- (System/nanoTime) began) 1000000000)]
        (cond (empty? missing)                [{:whole-after-seconds seconds} state]
              (< whole-again-seconds seconds) [{:missing (vec missing)
                                                :view    (:rows view)}
                                               state]
              :else                           (do (Thread/sleep 2000)
                                                  (recur state)))))))

; Hosts that are `away` are mapped to their nodes' ids, to whether these are
; :leaving or :gone, and to when they were asked.
(defrecord State [db away node-views view pending]
  state/State
  (setup! [this test]
    (assoc this :away {}))

  (node-view [this test node]
    (let [at (System/nanoTime)]
      (when-let [rows (rows test node)]
        {:at at, :rows rows})))

  (merge-views [this test]
    ; Each node answers for the cluster; the youngest answer counts.
    (->> (vals node-views)
         (sort-by :at)
         last))

  (fs [this]
    #{:leave :remove :join :join-all})

  (op [this test]
    (let [ops (when view
                (concat (mapcat (partial next-ops view) away)
                        (let [stay (staying this test)]
                          (when (possible? stay)
                            [{:f :leave, :value (rand/nth (vec stay))}]))))]
      (if (seq ops)
        (assoc (rand/nth (vec ops)) :type :info)
        :pending)))

  (invoke! [this test {:keys [f value] :as op}]
    (if (= :join-all f)
      (let [[answer state'] (join-all! this test)]
        [(assoc op :value answer) state'])
      (let [step            (case f
                              :leave  leave!
                              :remove remove!
                              :join   join!)
            [answer state'] (step this test value)]
        [(assoc op :value [value
                           (:id (or (get-in state' [:away value])
                                    (get away value)))
                           answer])
         state'])))

  ; What is under way shows in `away` and in the views.
  (resolve    [this test] this)
  (resolve-op [this test _] this)

  (teardown! [this test]))

(defn package
  "A nemesis package; of the options it takes :db, :faults, :interval and
  :nodes."
  [{:keys [db nodes] :as opts}]
  (when-not (possible? nodes)
    (throw (IllegalArgumentException.
             (str "membership needs more than " db/replication-factor " nodes"))))
  (assoc (membership/package
           (assoc opts :membership
                  {:state (map->State {:db db, :away {}, :pending #{}})}))
         :final-generator {:type :info, :f :join-all}
         :perf #{{:name  "membership"
                  :start #{:leave}
                  :stop  #{:join :join-all}
                  :fs    #{:remove}
                  :color "#9AE48B"}}))
