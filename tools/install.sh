#!/bin/sh
# 安装或升级预算问答助手，不联网：sh install.sh [目录]（默认是用户主目录下的 budget-qa）。
# 每次装进自己的文件夹，装好才切换过去，所以中途停下不影响原来的；数据在 目录/store，不动。
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$HOME/budget-qa}
wanted=$(cat "$here/PYTHON")
python=${PYTHON:-$(command -v "python$wanted" || command -v python3 || true)}
if [ -z "$python" ] || [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" != "$wanted" ]; then
    echo "这个安装包要用 Python $wanted；请安装后重试，或用 PYTHON=路径 sh install.sh 指定" >&2
    exit 1
fi

mkdir -p "$target/releases" "$target/cache/models" "$target/store"
target=$(cd "$target" && pwd)
chmod 700 "$target/store"
release="$target/releases/$(cat "$here/RELEASE")"
if [ -e "$release/COMPLETE" ]; then
    echo "这一版已经装在 $release"
else
    rm -rf "$release"
    echo "正在安装到 $release ……"
    "$python" -m venv "$release"
    pip="$release/bin/python -m pip --disable-pip-version-check install --quiet --no-index --no-deps --find-links $here/wheels"
    $pip -r "$here/requirements.txt"
    $pip "$here"/wheels/budget_qa-*.whl
    for model in "$here"/models/*; do
        [ -e "$target/cache/models/$(basename "$model")" ] || cp -R "$model" "$target/cache/models/"
    done
    touch "$release/COMPLETE"
fi

before=$(readlink "$target/current" 2>/dev/null || true)
rm -f "$target/current.new"
ln -s "releases/$(basename "$release")" "$target/current.new"
mv -T "$target/current.new" "$target/current"
cat >"$target/budget-qa.new" <<EOF
#!/bin/sh
# 由 install.sh 写成。
: "\${BUDGET_QA_STORE:=$target/store}" "\${BUDGET_QA_CACHE:=$target/cache}"
export BUDGET_QA_STORE BUDGET_QA_CACHE
exec "$target/current/bin/budget-qa" "\$@"
EOF
chmod 755 "$target/budget-qa.new"
mv "$target/budget-qa.new" "$target/budget-qa"

# 留着上一版，好退回去；更早的删掉。
for old in "$target"/releases/*; do
    case "releases/$(basename "$old")" in
    "releases/$(basename "$release")" | "$before") ;;
    *) rm -rf "$old" ;;
    esac
done
echo "装好了：$target/budget-qa（检查：$target/budget-qa doctor；启动：$target/budget-qa serve）"
[ -z "$before" ] || echo "上一版是 $before；请重启服务。要退回：ln -sfn $before $target/current，再重启"
