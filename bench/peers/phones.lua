-- Three thousand kinds of phones asking for several streams in turn, so that hardly two requests are alike.
-- Arguments after "--": the paths.
local paths, asked = {}, 0

init = function(arguments)
  for place, path in ipairs(arguments) do
    paths[place] = path
  end
end

request = function()
  asked = asked + 1
  wrk.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 11; SM-" .. (asked * 7919 % 3000) .. ") AppleWebKit/537.36"
  return wrk.format(nil, paths[asked % #paths + 1])
end
